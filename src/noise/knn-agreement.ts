import type { Neighbours } from '../index/neighbour-index.js';

/**
 * Computes the share of each image's k nearest images that carry a label, out of as many as could: a class of five images
 * has four others at most.
 *
 * @param copyGroups (N), images with the same number show the same photograph
 * @param asked (N), the label asked for; the images' own labels unless given; -1 = none
 * @returns (N), [0, 1]; null where no image could carry the label
 */
export function knnAgreement(
  neighbours: Neighbours,
  k: number,
  labels: Int32Array,
  copyGroups: Int32Array,
  asked: Int32Array = labels,
): (number | null)[] {
  const sizes = new Map<number, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  return Array.from(asked, (label, image) => {
    const possible = Math.min(k, (sizes.get(label) ?? 0) - (label === labels[image] ? 1 : 0));
    if (possible <= 0) return null;
    const voters = votersOf(neighbours, image, copyGroups).slice(0, k);
    const agreeing = voters.filter((other) => labels[other] === label).length;
    return Math.min(1, agreeing / possible);
  });
}

function votersOf({ ids, k }: Neighbours, image: number, copyGroups: Int32Array): number[] {
  return Array.from(ids.subarray(image * k, (image + 1) * k)).filter(
    (other) => other >= 0 && copyGroups[image] !== copyGroups[other],
  );
}
