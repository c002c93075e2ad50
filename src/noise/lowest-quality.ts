import { mean, median, quantile } from '../core/statistics.js';
import { LOWEST_BIN, QUARTILES, type TypicalScores } from './typical-scores.js';

/**
 * Continues typical scores below the lowest quality that trusted images show. An embedding of length 0 shows nobody, and scores as a
 * stranger does; between there and the mean quality of the lowest bin the middle and the variance are on a line.
 * Without it, the worst images of a set are expected to score as well as those that are hardly better.
 *
 * @param typical scores by quality, (N) each
 * @param quality lengths of the embeddings before they were brought to unit length, (N), above 0
 * @param trusted (N), 1 or 0
 * @param strangers scores of images under names that are not theirs
 */
export function towardsStrangers(
  typical: TypicalScores,
  quality: ArrayLike<number>,
  trusted: Float64Array,
  strangers: Float64Array,
): TypicalScores {
  const lowest = Array.from(quality)
    .filter((_, i) => trusted[i] > 0)
    .sort((a, b) => a - b)
    .slice(0, LOWEST_BIN);
  if (lowest.length === 0 || strangers.length === 0) return typical;
  const from = mean(lowest);
  const unseen = (i: number): number => Math.max(0, 1 - quality[i] / from);
  const middle = median(strangers);
  const spread = (quantile(strangers, 0.75) - quantile(strangers, 0.25)) / QUARTILES;
  return {
    middle: typical.middle.map((value, i) => value + unseen(i) * (middle - value)),
    spread: typical.spread.map((value, i) => Math.sqrt(value ** 2 + unseen(i) * Math.max(0, spread ** 2 - value ** 2))),
  };
}
