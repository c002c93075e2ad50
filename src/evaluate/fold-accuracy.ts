import { mean, standardDeviation } from '../core/statistics.js';

export interface FoldAccuracy {
  accuracy: number;
  /** Standard deviation over the folds. */
  std: number;
}

/**
 * LFW's protocol: contiguous folds in the given order; each is judged at the threshold that is best on all others.
 * @param scores higher = more alike, (N) @param same (N)
 */
export function foldAccuracy(scores: ArrayLike<number>, same: readonly boolean[], folds: number): FoldAccuracy {
  const count = Math.min(folds, scores.length);
  const foldOf = (pair: number): number => Math.floor((pair * count) / scores.length);
  const pairs = same.map((_, pair) => pair);
  const accuracies = Array.from({ length: count }, (_, fold) => {
    const others = pairs.filter((pair) => foldOf(pair) !== fold);
    const threshold = bestThreshold(others.length > 0 ? others : pairs, scores, same);
    const inside = pairs.filter((pair) => foldOf(pair) === fold);
    return inside.filter((pair) => scores[pair] > threshold === same[pair]).length / inside.length;
  });
  return { accuracy: mean(accuracies), std: standardDeviation(accuracies) };
}

/** The threshold with most pairs right, halfway between two scores; "same" means above it. */
function bestThreshold(pairs: readonly number[], scores: ArrayLike<number>, same: readonly boolean[]): number {
  const order = [...pairs].sort((a, b) => scores[a] - scores[b]);
  let right = order.filter((pair) => same[pair]).length; // everything called same
  let best = { right, threshold: -Infinity };
  order.forEach((pair, i) => {
    right += same[pair] ? -1 : 1;
    const next = i + 1 < order.length ? scores[order[i + 1]] : Infinity;
    const between = scores[pair] < next;
    if (between && right > best.right)
      best = { right, threshold: next === Infinity ? scores[pair] : (scores[pair] + next) / 2 };
  });
  return best.threshold;
}
