/** Scores with known answers, in rising order, equal ones together: what AUC, EER and TAR are read from. */
export interface Ranking {
  positives: number;
  negatives: number;
  /** Distinct scores, rising, with how many of each kind have it. */
  steps: { score: number; positives: number; negatives: number }[];
}

/** @param isPositive what a high score should mean, (N) */
export function rank(scores: ArrayLike<number>, isPositive: ArrayLike<boolean>): Ranking {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a] - scores[b]);
  const ranking: Ranking = { positives: 0, negatives: 0, steps: [] };
  for (const i of order) {
    let step = ranking.steps.at(-1);
    if (step?.score !== scores[i]) ranking.steps.push((step = { score: scores[i], positives: 0, negatives: 0 }));
    const kind = isPositive[i] ? 'positives' : 'negatives';
    step[kind]++;
    ranking[kind]++;
  }
  return ranking;
}

/** Area under the ROC curve, [0, 1]: the chance that a positive outscores a negative, ties half. null without both. */
export function areaUnderRoc({ positives, negatives, steps }: Ranking): number | null {
  if (positives === 0 || negatives === 0) return null;
  let below = 0;
  let wins = 0;
  for (const step of steps) {
    wins += step.positives * (below + step.negatives / 2);
    below += step.negatives;
  }
  return wins / (positives * negatives);
}

/** Mean precision over the positives, highest scores first; equal scores are taken at once. null without positives. */
export function averagePrecision({ positives, steps }: Ranking): number | null {
  if (positives === 0) return null;
  let found = 0;
  let taken = 0;
  let sum = 0;
  for (const step of [...steps].reverse()) {
    found += step.positives;
    taken += step.positives + step.negatives;
    sum += step.positives * (found / taken);
  }
  return sum / positives;
}

/** False accept and false reject rate when scores >= `score` are accepted. */
export interface OperatingPoint {
  score: number;
  falseAccepts: number;
  falseRejects: number;
}

/** Every operating point, strictest threshold last. */
export function operatingPoints({ positives, negatives, steps }: Ranking): OperatingPoint[] {
  let rejectedPositives = 0;
  let rejectedNegatives = 0;
  const points = steps.map((step) => {
    const point = {
      score: step.score,
      falseAccepts: (negatives - rejectedNegatives) / negatives,
      falseRejects: rejectedPositives / positives,
    };
    rejectedPositives += step.positives;
    rejectedNegatives += step.negatives;
    return point;
  });
  return [...points, { score: Infinity, falseAccepts: 0, falseRejects: 1 }];
}

/**
 * Where false accepts equal false rejects, linear between the points around it: the rate, [0, 1], and the laxest threshold
 * that rejects at least as many as it accepts wrongly. null without both kinds.
 */
export function equalErrorPoint(ranking: Ranking): { rate: number; score: number } | null {
  if (ranking.positives === 0 || ranking.negatives === 0) return null;
  const points = operatingPoints(ranking);
  const after = points.findIndex(({ falseAccepts, falseRejects }) => falseRejects >= falseAccepts);
  const right = points[after];
  const left = points[Math.max(0, after - 1)];
  const gapLeft = left.falseAccepts - left.falseRejects;
  const gapRight = right.falseRejects - right.falseAccepts;
  const share = gapLeft + gapRight === 0 ? 0 : gapLeft / (gapLeft + gapRight);
  return { rate: left.falseRejects + share * (right.falseRejects - left.falseRejects), score: right.score };
}

/** False accepts that a rate must rest on: with fewer the next set of impostors would give another figure. */
const FEWEST_FALSE_ACCEPTS = 10;

/** Impostor pairs without which nothing is said at a false accept rate. */
export const impostorsNeeded = (far: number): number => Math.ceil(FEWEST_FALSE_ACCEPTS / far - 1e-6);

/**
 * The laxest operating point whose false accept rate is at most `far`; null when there are too few impostor pairs to tell.
 */
export function pointAtFar(ranking: Ranking, far: number): OperatingPoint | null {
  if (ranking.positives === 0 || ranking.negatives < impostorsNeeded(far)) return null;
  return operatingPoints(ranking).find(({ falseAccepts }) => falseAccepts <= far)!;
}
