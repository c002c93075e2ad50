import { setImmediate } from 'node:timers/promises';
import { BatchMatches, exactSearch, MetricKind } from 'usearch';
import { throwIfInterrupted } from '../core/interrupt.js';
import { copyRows, dotAt, type Matrix } from '../core/vectors.js';
import type { IndexKind, Neighbours } from './neighbour-index.js';
import { emptyNeighbours, offer } from './top-k.js';

/** Queries, and rows compared with them at once: half a second of one core between two looks at the abort signal. */
const QUERIES = 128;
const ROWS = 65_536;
/** Asked for beyond k: itself, and rows whose cosines differ in the last digit only. */
const SPARE = 4;
const ONE_THREAD = 1;

/** Every pair, in blocks (usearch multiplies): slow beyond some ten thousand rows, and the truth that other kinds are measured by. */
export const exactIndex: IndexKind = {
  name: 'exact',
  summary: 'every pair, in blocks; the truth for recall',
  build: (vectors) =>
    Promise.resolve({
      kind: 'exact',
      vectors: vectors.rows,
      nearestFirst: (rows, k, signal) => exactNeighbours(vectors, rows, k, signal),
      nearestTo: (queries, k, signal) =>
        nearestOf(vectors, { ...queries, wanted: everyRow(queries) }, k, false, signal),
      close: () => Promise.resolve(),
    }),
};

/** The k nearest of all `vectors` to each of `rows`, compared with every one. */
export const exactNeighbours = (
  vectors: Matrix,
  rows: Int32Array,
  k: number,
  signal: AbortSignal | undefined,
): Promise<Neighbours> => nearestOf(vectors, { ...vectors, wanted: rows }, k, true, signal);

/** Rows of a matrix. */
type Rows = Matrix & { wanted: Int32Array };

const everyRow = ({ rows }: Matrix): Int32Array => Int32Array.from({ length: rows }, (_, row) => row);

/** @param own whether the queries are rows of `vectors`: a row is not its own neighbour */
async function nearestOf(
  vectors: Matrix,
  queries: Rows,
  k: number,
  own: boolean,
  signal: AbortSignal | undefined,
): Promise<Neighbours> {
  const { length } = queries.wanted;
  const found = emptyNeighbours(length, k);
  for (let first = 0; first < vectors.rows; first += ROWS) {
    const block = unsharedRows(vectors, first, Math.min(first + ROWS, vectors.rows));
    for (let from = 0; from < length; from += QUERIES) {
      searchBlock(block, first, queries, from, own, found);
      await setImmediate(); // lets Ctrl-C through
      throwIfInterrupted(signal);
    }
  }
  return found;
}

/** Rows of a matrix; usearch refuses memory that threads share. */
function unsharedRows({ data, dimensions }: Matrix, from: number, to: number): Float32Array {
  const block = data.subarray(from * dimensions, to * dimensions);
  return block.buffer instanceof SharedArrayBuffer ? Float32Array.from(block) : block;
}

/** Offers `found` the nearest of the rows in `block`; `first` is the number of the first. */
function searchBlock(
  block: Float32Array,
  first: number,
  queries: Rows,
  from: number,
  own: boolean,
  found: Neighbours,
): void {
  const { dimensions } = queries;
  const wanted = queries.wanted.subarray(from, from + QUERIES);
  const asked = copyRows(queries, wanted).data;
  const count = Math.min(found.k + SPARE, block.length / dimensions);
  const matches = exactSearch(block, asked, dimensions, count, MetricKind.IP, ONE_THREAD);
  wanted.forEach((row, q) => {
    const { keys } = matches instanceof BatchMatches ? matches.get(q) : matches;
    // In the order of the rows: which of two equal cosines comes first is then no matter of usearch's.
    for (const at of Array.from(keys, Number).sort((a, b) => a - b))
      if (!own || first + at !== row)
        offer(found, from + q, first + at, dotAt(asked, q * dimensions, block, at * dimensions, dimensions));
  });
}
