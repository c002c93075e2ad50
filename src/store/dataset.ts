import type { CroppedImage } from '../core/records.js';
import { croppedImages, datasetFingerprint, identitiesOf } from './images.js';
import { requireFact, type Workspace } from './workspace.js';

export const cropFileOf = (workspace: Workspace): string => workspace.file('crops', 'crops.u8');

/** How crops were cut: `share` of the shorter side around the centre, scaled to `size` pixels. */
export const cropGeometryOf = (workspace: Workspace): { size: number; share: number } =>
  JSON.parse(requireFact(workspace, 'crop', 'ingest SOURCE')) as { size: number; share: number };

/** What ingest left, ready for the stages that follow. */
export interface Dataset {
  source: string;
  images: CroppedImage[]; // in slot order
  identities: string[]; // label -> name
  /** Label of each image as it was found. */
  labels: Int32Array;
  cropFile: string;
  /** Side of a crop in the file. */
  size: number;
  /** Names the content: paths, bytes, labels, crops. */
  fingerprint: string;
}

/** @throws MissingStageError when nothing was ingested yet */
export function readDataset(workspace: Workspace): Dataset {
  const source = requireFact(workspace, 'source', 'ingest SOURCE');
  const crop = cropGeometryOf(workspace);
  const images = croppedImages(workspace);
  const identities = identitiesOf(images);
  const labelOf = new Map(identities.map((identity, label) => [identity, label]));
  return {
    source,
    images,
    identities,
    labels: Int32Array.from(images, ({ identity }) => labelOf.get(identity)!),
    cropFile: cropFileOf(workspace),
    size: crop.size,
    fingerprint: datasetFingerprint(images, crop),
  };
}
