import { counted } from '../../core/progress.js';
import pMap from 'p-map';
import type { CropGeometry } from '../../core/crop-geometry.js';
import { FormatError } from '../../core/errors.js';
import type { FaceModels } from '../../core/face-models.js';
import { sha256 } from '../../core/fingerprint.js';
import { throwIfInterrupted } from '../../core/interrupt.js';
import { cutImage } from '../../faces/cut-image.js';
import { openFaceFinder } from '../../faces/face-finder.js';
import { embedCrops, type EmbeddedRows } from '../../model/embed-crops.js';
import { faceModels, nameOfFaceModels } from '../../model/frozen/face-models.js';
import { cropGeometryOf } from '../../workspace/dataset.js';
import { checkpointFileOf, type Run } from '../../workspace/runs.js';
import type { StageContext } from '../../workspace/stage.js';
import { readFact, type Workspace } from '../../workspace/workspace.js';
import type { PairImage } from '../../metrics/pair-set.js';

/** An image outside the workspace: its crop, and the SHA-256 of its bytes. */
export interface CutImage {
  crop: Uint8Array;
  sha256: string;
}

/** Crops of images outside the workspace, cut as the dataset's were; what is a crop already is taken whole. */
export async function cropImages(
  { workspace, config, progress, signal }: StageContext,
  images: readonly PairImage[],
): Promise<CutImage[]> {
  const geometry = cropGeometryOf(workspace);
  const whole: CropGeometry = { ...geometry, align: 'none', share: 1 };
  const search = geometry.align === 'auto' && images.some(({ isCrop }) => !isCrop);
  const finder = search ? await openFaceFinder(modelsOf(workspace, geometry), config.threads) : undefined;
  let done = 0;
  const show = counted(progress, 'evaluate', { what: 'images cropped', total: images.length });
  const cut = async (image: PairImage): Promise<CutImage> => {
    throwIfInterrupted(signal);
    try {
      const bytes = await image.read();
      const { crops } = await cutImage(bytes, image.isCrop ? whole : geometry, config.ingest.maxPixels, finder);
      show(++done);
      return { crop: crops[0].crop, sha256: sha256(bytes) };
    } catch (error) {
      throw new FormatError(`"${image.name}" cannot be read as an image: ${(error as Error).message.split('\n')[0]}.`);
    }
  };
  return pMap(images, cut, { concurrency: 2 * config.threads }).finally(() => finder?.dispose());
}

/** The networks that found the faces of the dataset. @throws MissingStageError, PathError, FormatError; when others are there now */
function modelsOf(workspace: Workspace, { faces }: CropGeometry): FaceModels {
  const models = faceModels(readFact(workspace, 'faces by') ?? '');
  if (faces !== undefined && nameOfFaceModels(models) !== faces)
    throw new FormatError(
      `The faces of this workspace were found by other networks than those that are here now ("${models.detector.file}").`,
      ['Put the former ones back, or ingest again with these: facesieve ingest SOURCE --force'],
    );
  return models;
}

/** Embeddings of `crops` with the network of `run`: rows (N, D), lengths before (N). */
export function embedWith(
  { workspace, config, progress, signal }: StageContext,
  run: Run,
  crops: readonly Uint8Array[],
): Promise<EmbeddedRows> {
  const network = { config: run.config, checkpoint: checkpointFileOf(workspace, run.id) };
  const supply = {
    count: crops.length,
    size: cropGeometryOf(workspace).size,
    fill: (i: number, into: Uint8Array, at: number) => into.set(crops[i], at),
  };
  const show = counted(progress, 'evaluate', { what: 'images embedded', total: crops.length });
  return embedCrops(config, network, supply, (done) => {
    show(done);
    throwIfInterrupted(signal);
  });
}
