import { setImmediate } from 'node:timers/promises';
import { throwIfInterrupted } from '../core/interrupt.js';
import { dotAt, type Matrix } from '../core/vectors.js';
import type { IndexKind, Neighbours } from './neighbour-index.js';
import { emptyNeighbours, offer } from './top-k.js';

/** Rows a side of a block: 2 x 128 rows of 512 floats stay in a core's cache while all pairs are multiplied. */
const BLOCK = 128;
/** Rows compared with a block between two looks at the abort signal. */
const BREATH = 64 * BLOCK;

/** Every pair, block by block: slow beyond some ten thousand rows, and the truth that other kinds are measured by. */
export const exactIndex: IndexKind = {
  name: 'exact',
  summary: 'every pair, in blocks; the truth for recall',
  build: (vectors) =>
    Promise.resolve({
      kind: 'exact',
      vectors: vectors.rows,
      nearestFirst: (rows, k, signal) => exactNeighbours(vectors, rows, k, signal),
      nearestTo: (queries, k, signal) =>
        nearestOf(vectors, { ...queries, wanted: everyRow(queries), own: false }, k, signal),
      close: () => Promise.resolve(),
    }),
};

/** The k nearest of all `vectors` to each of `rows`, compared with every one. */
export const exactNeighbours = (
  vectors: Matrix,
  rows: Int32Array,
  k: number,
  signal: AbortSignal | undefined,
): Promise<Neighbours> => nearestOf(vectors, { data: vectors.data, wanted: rows, own: true }, k, signal);

/** Rows `wanted` of `data`; `own` when that is the searched matrix itself, and a row is not its own neighbour. */
interface Queries {
  data: Float32Array;
  wanted: Int32Array;
  own: boolean;
}

const everyRow = ({ rows }: Matrix): Int32Array => Int32Array.from({ length: rows }, (_, row) => row);

async function nearestOf(
  vectors: Matrix,
  queries: Queries,
  k: number,
  signal: AbortSignal | undefined,
): Promise<Neighbours> {
  const { length } = queries.wanted;
  const found = emptyNeighbours(length, k);
  for (let from = 0; from < length; from += BLOCK) {
    const to = Math.min(from + BLOCK, length);
    for (let other = 0; other < vectors.rows; other += BLOCK) {
      multiplyBlock(vectors, queries, from, to, other, Math.min(other + BLOCK, vectors.rows), found);
      if (other % BREATH === 0) {
        await setImmediate(); // lets Ctrl-C through
        throwIfInterrupted(signal);
      }
    }
  }
  return found;
}

function multiplyBlock(
  { data, dimensions }: Matrix,
  queries: Queries,
  from: number,
  to: number,
  otherFrom: number,
  otherTo: number,
  found: Neighbours,
): void {
  for (let q = from; q < to; q++) {
    const row = queries.wanted[q];
    for (let other = otherFrom; other < otherTo; other++) {
      if (queries.own && other === row) continue;
      offer(found, q, other, dotAt(queries.data, row * dimensions, data, other * dimensions, dimensions));
    }
  }
}
