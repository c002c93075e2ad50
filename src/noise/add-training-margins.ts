import { mean, standardDeviation } from '../core/statistics.js';

/**
 * Returns scores less the training margins: how late, if ever, training learnt an image's label (AUM, Pleiss et al. 2020). The two see
 * different things, where an image ended and how it got there, and count alike: docs/benchmarks.md has what each finds
 * alone. @param scores (N), higher = noisier @param margins (N), higher = cleaner, NaN where training saw none
 */
export function addTrainingMargins(scores: Float64Array, margins: Float32Array): Float64Array {
  const known = margins.filter((margin, i) => Number.isFinite(margin) && Number.isFinite(scores[i]));
  const spread = standardDeviation(known);
  if (!(spread > 0)) return scores;
  const centre = mean(known);
  const unit = standardDeviation(scores.filter(Number.isFinite)) / spread;
  return scores.map((score, i) => (Number.isFinite(margins[i]) ? score - (margins[i] - centre) * unit : score));
}
