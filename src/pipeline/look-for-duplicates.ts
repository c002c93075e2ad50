import type { Config } from '../core/config.js';
import { imageOfSlot, type LargeDataset } from '../core/face-set.js';
import type { Matrix } from '../core/vectors.js';
import { findDuplicatesAmong } from '../duplicates/find-duplicates.js';
import type { NearDuplicates } from '../duplicates/near-duplicates.js';
import type { Neighbours } from '../index/neighbour-index.js';
import type { SelectedFace } from '../noise/select-face.js';

export interface SearchedSet {
  dataset: LargeDataset;
  selected: readonly SelectedFace[];
  vectors: Matrix; // (slots, D) unit rows
  /** Nearest images of each image. */
  near: Neighbours;
  /** Whether crops were cut round found faces. */
  aligned: boolean;
}

/**
 * Finds the images of a dataset that show the same photograph, by the crops in its crop file.
 *
 * @throws InterruptedError if `signal` is aborted
 */
export async function lookForDuplicates(
  { dataset, selected, vectors, near, aligned }: SearchedSet,
  config: Config,
  signal?: AbortSignal,
): Promise<NearDuplicates> {
  const { images, faces } = dataset;
  const slots = Int32Array.from(selected, ({ slot }) => slot);
  return findDuplicatesAmong(
    {
      images,
      slots,
      faces: Int32Array.from(selected, ({ face }) => face),
      slotsOf: (image) => faces.get(images.ids[image]) ?? [slots[image]],
      imageOf: imageOfSlot(dataset),
      vectors,
      near,
      crops: { file: dataset.cropFile, size: dataset.size },
      aligned,
    },
    { copyCorrelation: config.sift.copyCorrelation, search: config.index, threads: config.threads, signal },
  );
}
