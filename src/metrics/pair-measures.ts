import { dotRows, type Matrix } from '../core/vectors.js';
import type { RowPair } from './pair-set.js';

/** What is known of pairs before any score, in their order: whether they are the same person, (P) each. */
export interface PairMeasures {
  same: boolean[];
  cosines: Float64Array;
  /** The smaller of the two lengths that the embeddings had before normalisation. */
  qualities: Float64Array;
}

/** Unit rows (N, D), and their lengths before, (N). */
export interface Measurable {
  vectors: Matrix;
  norms: ArrayLike<number>;
}

export function measurePairs({ vectors, norms }: Measurable, pairs: readonly RowPair[]): PairMeasures {
  return {
    same: pairs.map(({ same }) => same),
    cosines: Float64Array.from(pairs, ({ first, second }) => dotRows(vectors, first, vectors, second)),
    qualities: Float64Array.from(pairs, ({ first, second }) => Math.min(norms[first], norms[second])),
  };
}
