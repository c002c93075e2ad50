import { groupBy } from '../core/groups.js';
import type { CropGeometry } from '../core/crop-geometry.js';
import type { Dataset, DatasetOf, LargeDataset } from '../core/face-set.js';
import { fingerprint } from '../core/fingerprint.js';
import { MissingStageError } from '../core/errors.js';
import type { TableImage } from '../core/image-table.js';
import type { CroppedImage } from '../core/records.js';
import { chosenFaceOf } from './chosen-faces.js';
import {
  countImages,
  croppedImages,
  croppedImageTable,
  datasetFingerprint,
  identitiesOf,
  severalFaces,
} from './images.js';
import { refuseHalfForgotten } from './erase/tombstones.js';
import { finishedWork } from './stage.js';
import { readFact, requireFact, type Workspace } from './workspace.js';

export const cropFileOf = (workspace: Workspace): string => workspace.file('crops', 'crops.u8');

export const cropGeometryOf = (workspace: Workspace): CropGeometry =>
  JSON.parse(requireFact(workspace, 'crop', 'ingest SOURCE')) as CropGeometry;

/** Whether an ingest began and did not end. */
export function isHalfIngested(workspace: Workspace): boolean {
  const key = readFact(workspace, 'ingest:key');
  return key !== undefined && finishedWork(workspace, key) === undefined;
}

/** @throws MissingStageError when an ingest was interrupted: what is found in half of the images would be taken for all of them */
function refuseHalfIngested(workspace: Workspace): void {
  if (!isHalfIngested(workspace)) return;
  const source = requireFact(workspace, 'source', 'ingest SOURCE');
  throw new MissingStageError(`The ingest of "${source}" was interrupted; a part of the images is there.`, [
    'Continue it with the command that was interrupted: facesieve status prints it.',
  ]);
}

/** @throws MissingStageError when nothing was ingested yet, or only a part, WorkspaceError when a `forget` was interrupted */
export function readDataset(workspace: Workspace): Dataset {
  return datasetOf(workspace, croppedImages, (images) => {
    const identities = identitiesOf(images);
    const labelOf = new Map(identities.map((identity, label) => [identity, label]));
    return { identities, labels: Int32Array.from(images, ({ identity }) => labelOf.get(identity)!) };
  });
}

/** The same with images in columns. @throws MissingStageError, WorkspaceError likewise */
export const readLargeDataset = (workspace: Workspace): LargeDataset =>
  datasetOf(workspace, croppedImageTable, (images) => images.labelled());

function datasetOf<Images extends Iterable<TableImage>>(
  workspace: Workspace,
  read: (workspace: Workspace) => Images,
  label: (images: Images) => Pick<Dataset, 'identities' | 'labels'>,
): DatasetOf<Images> {
  refuseHalfForgotten(workspace);
  refuseHalfIngested(workspace);
  const source = requireFact(workspace, 'source', 'ingest SOURCE');
  const crop = cropGeometryOf(workspace);
  const images = read(workspace);
  const reference = croppedImages(workspace, 'reference');
  const faces = groupBy(
    severalFaces(workspace),
    ({ image }) => image,
    ({ slot }) => slot,
  );
  return {
    source,
    images,
    ...label(images),
    cropFile: cropFileOf(workspace),
    crops: countImages(workspace).crops,
    faces,
    chosen: chosenFaceOf(workspace, images),
    reference,
    size: crop.size,
    fingerprint: fingerprintOf(workspace, images, reference),
  };
}

const fingerprintOf = (
  workspace: Workspace,
  images: Iterable<TableImage>,
  reference: readonly CroppedImage[],
): string =>
  datasetFingerprint(
    images,
    cropGeometryOf(workspace),
    readFact(workspace, 'reference') ? fingerprint(reference) : null,
  );

/** Names the content, as {@link Dataset} does. @throws MissingStageError */
export const currentFingerprint = (workspace: Workspace): string =>
  fingerprintOf(workspace, croppedImages(workspace), croppedImages(workspace, 'reference'));
