import { mean, standardDeviation } from '../core/statistics.js';

export interface FoldAccuracy {
  accuracy: number;
  /** Standard deviation over the folds. */
  std: number;
}

/** Thresholds on the squared distance, 2 - 2 score: 0, 0.01, ... below 4. */
const STEP = 0.01;
const THRESHOLDS = 400;
/** Scores that are no cosines may lie below -1: then the thresholds go on as far as they, but no further than this. */
const MOST_THRESHOLDS = 100_000;

/**
 * LFW's protocol as insightface measures it: contiguous unshuffled folds (the first N mod `folds` are one longer); each
 * is judged at the threshold with most pairs right on all others, the smallest of equals; "same" is a squared distance
 * strictly below it. @param scores higher = more alike, (N) @param same (N)
 */
export function foldAccuracy(scores: ArrayLike<number>, same: readonly boolean[], folds: number): FoldAccuracy {
  const distances = Float64Array.from(scores, (score) => 2 - 2 * score);
  const furthest = distances.reduce((a, b) => Math.max(a, b), 0);
  const thresholds =
    furthest > THRESHOLDS * STEP ? Math.min(Math.ceil(furthest / STEP) + 1, MOST_THRESHOLDS) : THRESHOLDS;
  const bounds = foldBounds(scores.length, Math.min(folds, scores.length));
  const right = bounds.map(([from, to]) => rightBelow(distances, same, from, to, thresholds)); // (folds, thresholds)
  const all = Int32Array.from({ length: thresholds }, (_, t) => right.reduce((sum, counts) => sum + counts[t], 0));
  const accuracies = right.map((counts, fold) => {
    let best = 0;
    for (let t = 1; t < thresholds; t++) if (all[t] - counts[t] > all[best] - counts[best]) best = t;
    return counts[best] / (bounds[fold][1] - bounds[fold][0]);
  });
  return { accuracy: mean(accuracies), std: standardDeviation(accuracies) };
}

/** First and one past the last pair of each fold. */
export function foldBounds(pairs: number, folds: number): [number, number][] {
  const startOf = (fold: number): number => fold * Math.floor(pairs / folds) + Math.min(fold, pairs % folds);
  return Array.from({ length: folds }, (_, fold) => [startOf(fold), startOf(fold + 1)]);
}

/** How many pairs of a fold each threshold gets right, (thresholds). */
function rightBelow(
  distances: Float64Array,
  same: readonly boolean[],
  from: number,
  to: number,
  thresholds: number,
): Int32Array {
  const right = new Int32Array(thresholds);
  let impostors = 0;
  for (let pair = from; pair < to; pair++) {
    if (!same[pair]) impostors++;
    const accepted = firstThresholdAbove(distances[pair]);
    if (accepted < thresholds) right[accepted] += same[pair] ? 1 : -1;
  }
  right[0] += impostors; // nothing is accepted below the first
  for (let t = 1; t < thresholds; t++) right[t] += right[t - 1];
  return right;
}

/** The smallest t with distance < t * STEP, in the arithmetic of that very comparison. */
function firstThresholdAbove(distance: number): number {
  let t = Math.max(0, Math.floor(distance / STEP));
  while (t > 0 && distance < (t - 1) * STEP) t--;
  while (!(distance < t * STEP)) t++;
  return t;
}
