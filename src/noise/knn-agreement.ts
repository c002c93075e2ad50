import type { Neighbours } from '../index/neighbour-index.js';

/** Neighbours asked for beyond k: room for the copies of an image, which are no witnesses and left out. */
export const SPARE_NEIGHBOURS = 5;

/**
 * Share of each image's k nearest images that carry the label asked of, out of as many as could: an identity of five images
 * has but four other witnesses. null where there are none. @param copyGroups (N), images with the same number show
 * the same photograph @param asked (N), the images' own labels unless given; -1 = none @returns (N), [0, 1]
 */
export function agreementOf(
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
