import { setImmediate } from 'node:timers/promises';
import { throwIfInterrupted } from '../core/interrupt.js';
import { dotAt, type Matrix } from '../core/vectors.js';
import type { IndexKind, Neighbours } from './neighbour-index.js';
import { emptyNeighbours, offer } from './top-k.js';

/** Rows a side of a block: 2 x 128 rows of 512 floats stay in a core's cache while all pairs are multiplied. */
const BLOCK = 128;

/** Every pair, block by block: slow beyond some ten thousand rows, and the truth that other kinds are measured by. */
export const exactIndex: IndexKind = {
  name: 'exact',
  summary: 'every pair, in blocks; the truth for recall',
  build: (vectors) =>
    Promise.resolve({
      kind: 'exact',
      vectors: vectors.rows,
      nearestFirst: (rows, k, signal) => exactNeighbours(vectors, rows, k, signal),
      close: () => Promise.resolve(),
    }),
};

/** The k nearest of all `vectors` to each of `rows`, compared with every one. */
export async function exactNeighbours(
  vectors: Matrix,
  rows: Int32Array,
  k: number,
  signal: AbortSignal | undefined,
): Promise<Neighbours> {
  const found = emptyNeighbours(rows.length, k);
  for (let from = 0; from < rows.length; from += BLOCK) {
    throwIfInterrupted(signal);
    const to = Math.min(from + BLOCK, rows.length);
    for (let other = 0; other < vectors.rows; other += BLOCK)
      multiplyBlock(vectors, rows, from, to, other, Math.min(other + BLOCK, vectors.rows), found);
    await setImmediate(); // lets Ctrl-C through
  }
  return found;
}

function multiplyBlock(
  { data, dimensions }: Matrix,
  rows: Int32Array,
  from: number,
  to: number,
  otherFrom: number,
  otherTo: number,
  found: Neighbours,
): void {
  for (let r = from; r < to; r++)
    for (let other = otherFrom; other < otherTo; other++) {
      if (other === rows[r]) continue;
      offer(found, r, other, dotAt(data, rows[r] * dimensions, data, other * dimensions, dimensions));
    }
}
