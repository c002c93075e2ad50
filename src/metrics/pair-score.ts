import type { PairMeasures } from './pair-measures.js';

/** What a score learnt from pairs, by name. */
export type Parameters = Record<string, number>;

/** What a fit found, and what it was read from. */
export interface Fit {
  parameters: Parameters;
  /** A row for each operating point that was looked at. */
  points: Record<string, number>[];
}

/** How alike two embeddings are. A new score is one value and one line in pair-scores.ts. */
export interface Score {
  name: string;
  reference: string;
  /** Absent when there is nothing to fit. @throws EmptyInputError when the pairs cannot tell */
  fit?(pairs: PairMeasures): Fit;
  /** @param cosine of the two @param quality the smaller of their lengths before normalisation */
  higherIsMoreAlike(cosine: number, quality: number, parameters: Parameters): number;
}

/** Score of each pair, (P). */
export const scorePairs = (
  { higherIsMoreAlike }: Score,
  { cosines, qualities }: PairMeasures,
  parameters: Parameters,
): Float64Array => cosines.map((cosine, pair) => higherIsMoreAlike(cosine, qualities[pair], parameters));
