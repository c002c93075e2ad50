import { readFile } from 'node:fs/promises';
import pMap from 'p-map';
import { FormatError } from '../core/errors.js';
import { throwIfInterrupted } from '../core/interrupt.js';
import { dotAt, type Matrix } from '../core/vectors.js';
import { cutImage } from '../faces/cut-image.js';
import { openFaceFinder } from '../faces/face-finder.js';
import { embedCrops } from '../model/embed-crops.js';
import { faceModels } from '../model/frozen/face-models.js';
import { cropGeometryOf } from '../store/dataset.js';
import { checkpointFileOf, type Run } from '../store/runs.js';
import type { StageContext } from '../store/stages.js';
import type { FilePair } from './read-pairs.js';

/** Cosine of each pair of rows, higher = more alike, (P). */
export function pairCosines(
  { data, dimensions }: Matrix,
  pairs: readonly { first: number; second: number }[],
): Float64Array {
  return Float64Array.from(pairs, ({ first, second }) =>
    dotAt(data, first * dimensions, data, second * dimensions, dimensions),
  );
}

/** Embeds the files that `pairs` name with the network of `run` and returns each pair's cosine, (P). */
export async function filePairCosines(
  context: StageContext,
  run: Run,
  pairs: readonly FilePair[],
): Promise<Float64Array> {
  const { workspace, config, signal, progress } = context;
  const files = [...new Set(pairs.flatMap(({ first, second }) => [first, second]))];
  const rowOf = new Map(files.map((file, row) => [file, row]));
  const crops = await readCrops(context, files);
  const network = { config: run.config, checkpoint: checkpointFileOf(workspace, run.id) };
  const supply = {
    count: files.length,
    size: cropGeometryOf(workspace).size,
    fill: (i: number, into: Uint8Array, at: number) => into.set(crops[i], at),
  };
  const { vectors } = await embedCrops(config, network, supply, (done) => {
    progress.update('evaluate', `${done} of ${files.length} images`);
    throwIfInterrupted(signal);
  });
  return pairCosines(
    vectors,
    pairs.map(({ first, second }) => ({ first: rowOf.get(first)!, second: rowOf.get(second)! })),
  );
}

/** Crops cut as the dataset's were. @throws FormatError naming the file that is no image */
async function readCrops({ workspace, config }: StageContext, files: readonly string[]): Promise<Uint8Array[]> {
  const geometry = cropGeometryOf(workspace);
  const finder = geometry.align === 'auto' ? await openFaceFinder(faceModels(), config.threads) : undefined;
  const read = async (file: string): Promise<Uint8Array> => {
    try {
      return (await cutImage(await readFile(file), geometry, config.maxPixels, finder)).crops[0].crop;
    } catch (error) {
      throw new FormatError(`"${file}" cannot be read as an image: ${(error as Error).message.split('\n')[0]}.`);
    }
  };
  return pMap(files, read, { concurrency: 2 * config.threads }).finally(() => finder?.dispose());
}
