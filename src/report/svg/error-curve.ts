/** One network's error rates over all thresholds, laxest first; [0, 1] each. */
export interface ErrorCurve {
  name: string;
  points: readonly { falseAccepts: number; falseRejects: number }[];
}

/** Where an axis of error rates begins: a decade below what `supportedFrom` can tell, and no later than 1e-3. */
export const lowestRate = (supportedFrom: number): number =>
  10 ** Math.min(-3, Math.floor(Math.log10(supportedFrom)) - 1);
