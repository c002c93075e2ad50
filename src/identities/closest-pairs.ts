import { dotRows, type Matrix } from '../core/vectors.js';

/** An image of one group and one of another. */
export interface AlikePair {
  images: [number, number];
  cosine: number;
}

/** Images of a group that are compared one by one. */
const COMPARED = 64;
const EXAMPLES = 3;

/** All pairs across two groups of rows, as far as they are compared, the most alike first. */
export function pairsAcross(embeddings: Matrix, one: readonly number[], other: readonly number[]): AlikePair[] {
  return one
    .slice(0, COMPARED)
    .flatMap((a) =>
      other.slice(0, COMPARED).map((b) => ({
        images: [a, b] as [number, number],
        cosine: dotRows(embeddings, a, embeddings, b),
      })),
    )
    .sort((p, q) => q.cosine - p.cosine);
}

/** The most alike pairs across two groups of rows: what a person looks at first. */
export const alikePairs = (embeddings: Matrix, one: readonly number[], other: readonly number[]): AlikePair[] =>
  pairsAcross(embeddings, one, other).slice(0, EXAMPLES);
