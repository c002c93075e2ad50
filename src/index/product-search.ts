import { throwIfInterrupted } from '../core/interrupt.js';
import { type Block, blocksOf, copyBlock, dotRows, type Matrix, rowRange } from '../core/vectors.js';
import {
  fittingPrecision,
  largestOf,
  type Precision,
  type PreparedRows,
  type ProductRanker,
  productRanker,
} from '../engine/largest-products.js';
import type { Neighbours } from './neighbour-index.js';
import { emptyNeighbours, offer } from './top-k.js';

/** Rows of a matrix; `own` when it is the searched one, and a row is not its own neighbour. */
export interface Queries {
  matrix: Matrix;
  wanted: Int32Array;
  own: boolean;
}

/** How products are computed. Neither number changes what is found. */
export interface ProductSettings {
  /** All cores unless given. */
  threads?: number;
  /** What fits the processor and the work unless given. */
  precision?: Precision;
}

/** Multiplications up to which plain loops are faster than handing blocks over. */
const IN_JAVASCRIPT = 1e7;
/** Queries that are prepared at once, and compared with all rows. */
const PREPARED = 16_384;
/** Queries and rows of one product: its result, a few MiB, stays in the processor's cache. */
const QUERIES = 512;
const ROWS = 8192;
/** Numbers of prepared rows that are kept for the next queries. */
const KEPT = 2 ** 26;

/**
 * Finds the k nearest of all `vectors` to each query by matrix products. They choose candidates; which of those are nearest is then
 * computed in one fixed order, so that it depends neither on threads nor on blocks.
 *
 * @param vectors (N, D) unit rows
 * @param queries unit rows of D columns
 * @throws InterruptedError if the signal is aborted
 */
export async function nearestByProducts(
  vectors: Matrix,
  queries: Queries,
  k: number,
  settings: ProductSettings,
  signal?: AbortSignal,
): Promise<Neighbours> {
  const { matrix, wanted, own } = queries;
  const found = emptyNeighbours(wanted.length, k);
  const multiplications = wanted.length * vectors.rows * vectors.dimensions;
  const offerRow = (q: number, id: number): void => {
    if (!own || id !== wanted[q]) offer(found, q, id, dotRows(matrix, wanted[q], vectors, id));
  };
  throwIfInterrupted(signal);
  if (multiplications <= IN_JAVASCRIPT && !settings.precision) {
    for (let q = 0; q < wanted.length; q++) for (let id = 0; id < vectors.rows; id++) offerRow(q, id);
    return found;
  }
  const ranking = await openRanking(vectors, multiplications, settings);
  for (let from = 0; from < wanted.length; from += PREPARED) {
    const asked = copyBlock(matrix, wanted.subarray(from, from + PREPARED));
    const { ids, k: each } = await candidatesOf(vectors, asked, k, ranking, signal);
    // In the order of the rows: which of two equal cosines comes first is then no matter of the engine's.
    for (let q = 0; q < asked.rows; q++)
      for (const id of ids.subarray(q * each, (q + 1) * each).sort()) if (id >= 0) offerRow(from + q, id);
  }
  return found;
}

/** Candidates among all rows for the k nearest to each of `asked`, by products that are rounded. */
async function candidatesOf(
  vectors: Matrix,
  asked: Block,
  k: number,
  { ranker, targetsFrom }: Ranking,
  signal?: AbortSignal,
): Promise<Neighbours> {
  const best = emptyNeighbours(asked.rows, k + ranker.spare, -Infinity);
  const queries: PreparedRows[] = [];
  for (let from = 0; from < asked.rows; from += QUERIES)
    queries.push(ranker.queries(rowRange(asked, from, Math.min(from + QUERIES, asked.rows)), asked.dimensions));
  for (let first = 0; first < vectors.rows; first += ROWS) {
    const targets = targetsFrom(first);
    const count = Math.min(best.k, ROWS, vectors.rows - first);
    for (const [b, block] of queries.entries()) {
      throwIfInterrupted(signal);
      const { places, products } = await ranker.rank(block, targets, count);
      for (let i = 0; i < places.length; i++)
        offer(best, b * QUERIES + Math.floor(i / count), first + places[i], products[i]);
    }
  }
  return best;
}

/** How the candidates of one search are found. */
interface Ranking {
  ranker: ProductRanker;
  /** {@link ROWS} rows from one on, prepared. */
  targetsFrom: (first: number) => PreparedRows;
}

async function openRanking(
  vectors: Matrix,
  multiplications: number,
  { threads, precision }: ProductSettings,
): Promise<Ranking> {
  const ranker = await productRanker(precision ?? (await fittingPrecision(multiplications, threads)), threads);
  const largest = blocksOf(vectors).reduce((most, block) => Math.max(most, largestOf(block)), 0);
  const prepare = (first: number): PreparedRows => {
    const rows = rowRange(vectors, first, Math.min(first + ROWS, vectors.rows));
    return ranker.targets(rows, vectors.dimensions, largest);
  };
  if (vectors.rows * vectors.dimensions > KEPT) return { ranker, targetsFrom: prepare };
  const kept: PreparedRows[] = [];
  return { ranker, targetsFrom: (first) => (kept[first / ROWS] ??= prepare(first)) };
}
