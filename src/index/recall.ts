import { randomOf } from '../core/random.js';
import type { Matrix } from '../core/vectors.js';
import { exactNeighbours } from './exact-index.js';
import type { NeighbourIndex } from './neighbour-index.js';

export interface Recall {
  /** Share of the ten true nearest neighbours that the index returns, [0, 1], higher is better. */
  recallAt10: number;
  /** The same of those that carry the row's own label: what votes are counted of. 1 where there are none. */
  ownRecallAt10: number;
  /** Rows it was measured on. */
  sample: number;
}

const SAMPLE = 1000;
const NEAREST = 10;

/**
 * Recall@10 of `index` against exact search, on a fixed sample of its rows. An identity of five images has four to find:
 * the other six of the ten nearest are strangers, hardly nearer than any others, and the first that a graph misses.
 * @param labels (N), -1 = none
 */
export async function measureRecall(
  index: NeighbourIndex,
  vectors: Matrix,
  labels: Int32Array,
  seed: number,
  signal?: AbortSignal,
  threads?: number,
): Promise<Recall> {
  const all = randomOf(seed, 'recall').shuffle(Int32Array.from({ length: vectors.rows }, (_, row) => row));
  const rows = all.subarray(0, SAMPLE);
  if (index.kind === 'exact') return { recallAt10: 1, ownRecallAt10: 1, sample: rows.length }; // it is the truth itself
  const k = Math.max(1, Math.min(NEAREST, vectors.rows - 1));
  const truth = await exactNeighbours(vectors, rows, k, signal, { threads });
  const found = await index.nearestFirst(rows, k, signal);
  const [every, own] = [new Found(), new Found()];
  rows.forEach((row, r) => {
    const near = new Set(found.ids.subarray(r * k, (r + 1) * k));
    for (const id of truth.ids.subarray(r * k, (r + 1) * k)) {
      every.count(near.has(id));
      if (labels[id] >= 0 && labels[id] === labels[row]) own.count(near.has(id));
    }
  });
  return { recallAt10: every.share(), ownRecallAt10: own.share(), sample: rows.length };
}

class Found {
  private asked = 0;
  private hits = 0;

  count(hit: boolean): void {
    this.asked++;
    if (hit) this.hits++;
  }

  share(): number {
    return this.asked === 0 ? 1 : this.hits / this.asked;
  }
}
