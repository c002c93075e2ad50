import type { Config } from '../core/config.js';
import type { Matrix } from '../core/vectors.js';
import { CropComparer, printsOf } from '../duplicates/compare-crops.js';
import { CropReader } from '../images/crop-file.js';
import type { Neighbours } from '../index/neighbour-index.js';
import { type Dataset, imageOfSlot } from '../core/face-set.js';
import type { ChosenFace } from '../noise/select-face.js';
import { copyCandidates } from '../duplicates/candidates.js';
import { type Copies, findCopies } from '../duplicates/find-duplicates.js';

export interface SearchedSet {
  dataset: Dataset;
  chosen: readonly ChosenFace[];
  vectors: Matrix; // (slots, D) unit rows
  /** Nearest images of each image. */
  near: Neighbours;
  /** Whether crops were cut round found faces. */
  aligned: boolean;
}

/** The images of a set that show the same photograph. @throws InterruptedError */
export async function lookForCopies(
  { dataset, chosen, vectors, near, aligned }: SearchedSet,
  config: Config,
  signal?: AbortSignal,
): Promise<Copies> {
  const { images, faces } = dataset;
  const slots = chosen.map(({ slot }) => slot);
  const imageOf = imageOfSlot(dataset);
  const crops = new CropReader(dataset.cropFile, dataset.size);
  try {
    const used = [...imageOf.keys()].filter((slot) => imageOf[slot] >= 0);
    return await findCopies(
      {
        images,
        slots,
        faces: chosen.map(({ face }) => face),
        imageOf,
        candidates: await copyCandidates({ images, slots, faces, vectors, near, crops, aligned }, config.index, signal),
        comparer: new CropComparer(crops, printsOf(crops, used, dataset.crops)),
        bar: config.sift.copyCorrelation,
      },
      signal,
    );
  } finally {
    crops.close();
  }
}
