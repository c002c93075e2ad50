import type { Neighbours } from './neighbour-index.js';

/** @param below what every cosine is above */
export const emptyNeighbours = (rows: number, k: number, below = -2): Neighbours => ({
  k,
  ids: new Int32Array(rows * k).fill(-1),
  cosines: new Float32Array(rows * k).fill(below),
});

/** Offers a candidate to row `row` of `best`, kept nearest first; of equal cosines the one offered first stays ahead. */
export function offer({ k, ids, cosines }: Neighbours, row: number, id: number, exact: number): void {
  const cosine = Math.fround(exact); // as those that are kept: of two that differ less, neither is nearer
  const last = row * k + k - 1;
  if (cosine <= cosines[last]) return;
  let at = last;
  for (; at > row * k && cosines[at - 1] < cosine; at--) {
    cosines[at] = cosines[at - 1];
    ids[at] = ids[at - 1];
  }
  cosines[at] = cosine;
  ids[at] = id;
}
