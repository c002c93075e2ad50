import type { Neighbours } from '../index/neighbour-index.js';

/** Neighbours asked for beyond k: room for the copies of an image, which are no witnesses and left out. */
export const SPARE_NEIGHBOURS = 5;

/**
 * Share of each image's k nearest images that carry its label, out of as many as could: an identity of five images has
 * but four other witnesses. null for an identity's only image. @param copyGroups (N), images with the same number show
 * the same photograph @returns (N), [0, 1], higher is cleaner
 */
export function agreementOf(
  neighbours: Neighbours,
  k: number,
  labels: Int32Array,
  copyGroups: Int32Array,
): (number | null)[] {
  const sizes = new Map<number, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  return Array.from(labels, (label, image) => {
    const possible = Math.min(k, sizes.get(label)! - 1);
    if (possible === 0) return null;
    const witnesses = witnessesOf(neighbours, image, copyGroups).slice(0, k);
    const agreeing = witnesses.filter((other) => labels[other] === label).length;
    return Math.min(1, agreeing / possible);
  });
}

function witnessesOf({ ids, k }: Neighbours, image: number, copyGroups: Int32Array): number[] {
  return Array.from(ids.subarray(image * k, (image + 1) * k)).filter(
    (other) => other >= 0 && copyGroups[image] !== copyGroups[other],
  );
}
