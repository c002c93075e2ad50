import { randomOf } from '../core/random.js';
import type { Matrix } from '../core/vectors.js';
import { exactNeighbours } from './exact-index.js';
import type { NeighbourIndex } from './neighbour-index.js';

export interface Recall {
  /** Share of the ten true nearest neighbours that the index returns, [0, 1], higher is better. */
  recallAt10: number;
  /** Rows it was measured on. */
  sample: number;
}

const SAMPLE = 1000;
/** Pairs compared for the truth, a minute of one core: of a million rows 100 are asked, which tells recall to a percent. */
const PAIRS = 1e8;
const NEAREST = 10;

/** Recall@10 of `index` against exact search, on a fixed sample of its rows. */
export async function measureRecall(
  index: NeighbourIndex,
  vectors: Matrix,
  seed: number,
  signal?: AbortSignal,
): Promise<Recall> {
  const all = randomOf(seed, 'recall').shuffle(Int32Array.from({ length: vectors.rows }, (_, row) => row));
  const rows = all.subarray(0, Math.max(100, Math.min(SAMPLE, Math.floor(PAIRS / vectors.rows))));
  if (index.kind === 'exact') return { recallAt10: 1, sample: rows.length }; // it is the truth itself
  const k = Math.max(1, Math.min(NEAREST, vectors.rows - 1));
  const truth = await exactNeighbours(vectors, rows, k, signal);
  const found = await index.nearestFirst(rows, k, signal);
  let hits = 0;
  for (let row = 0; row < rows.length; row++) {
    const near = new Set(found.ids.subarray(row * k, (row + 1) * k));
    for (const id of truth.ids.subarray(row * k, (row + 1) * k)) if (near.has(id)) hits++;
  }
  return { recallAt10: hits / (rows.length * k), sample: rows.length };
}
