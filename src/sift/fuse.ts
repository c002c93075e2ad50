import type { Evidence } from '../core/records.js';
import { mean, standardDeviation } from '../core/statistics.js';
import type { Signal } from './signal.js';

/**
 * One score an image, higher = noisier: the sum of all signals, each in standard deviations from its mean. Unknown
 * signals and signals that are the same everywhere say nothing. @returns (N)
 */
export function fuse(evidence: readonly Evidence[], signals: readonly Signal[]): Float64Array {
  const fused = new Float64Array(evidence.length);
  for (const signal of signals) {
    const values = evidence.map((e) => signal.higherIsNoisier(e));
    const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
    const centre = mean(known);
    const deviation = standardDeviation(known);
    if (!(deviation > 0)) continue;
    values.forEach((value, i) => {
      if (value !== null && Number.isFinite(value)) fused[i] += (value - centre) / deviation;
    });
  }
  return fused;
}
