import type { Evidence } from '../core/records.js';

/**
 * One kind of evidence, read as a number that grows with the suspicion of noise; null where it is not known.
 * A new signal is one file and one line in signals.ts.
 */
export interface Signal {
  name: string;
  reference: string;
  higherIsNoisier(evidence: Evidence): number | null;
}
