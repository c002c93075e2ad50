import { EmptyInputError } from '../core/errors.js';
import { mean } from '../core/statistics.js';
import type { PairMeasures } from './pair-measures.js';
import type { Fit } from './pair-score.js';

/** False match rates that are looked at, and how many, evenly on a log scale. */
const RATES = { low: 1e-5, high: 1e-2, count: 50 };
/** Weights tried, evenly from -most to most; an odd number, so that none at all is among them. */
const WEIGHTS = 21;
/** What the largest quality may move a score by. */
const FURTHEST = 0.5;

/** At one false match rate: the weight with fewest false non-matches, and its threshold. */
interface BestWeight {
  falseMatchRate: number;
  weight: number;
  threshold: number;
  falseNonMatchRate: number;
}

/**
 * QMagFace's fit (section 3.3): at each false match rate the weight w whose score c + w q misses fewest genuine pairs, and
 * that score's threshold t; then the line w = beta t - alpha through those points, by least squares. Scores are raw here as
 * they are when used (the authors' code passes them through a sigmoid before it reads t). Of equally good weights
 * the one nearest 0 is taken. Rates below one impostor pair are left out. @throws EmptyInputError
 */
export function fitQualityWeight({ same, cosines, qualities }: PairMeasures): Fit {
  const impostors = same.filter((answer) => !answer).length;
  if (impostors * RATES.high < 1 || impostors === same.length)
    throw new EmptyInputError(
      `A quality-aware score is fitted at false match rates of ${RATES.high} and less; with ${impostors} impostor and ` +
        `${same.length - impostors} genuine pairs there are none.`,
      [`Name at least ${1 / RATES.high} impostor pairs with --pairs; a thousand and more are better.`],
    );
  const rates = logSpaced(Math.max(RATES.low, 1 / impostors), RATES.high, RATES.count);
  const best: (BestWeight | undefined)[] = rates.map(() => undefined);
  for (const weight of weightsNearestFirst(qualities)) {
    const weighed = cosines.map((cosine, pair) => cosine + weight * qualities[pair]);
    const genuine = weighed.filter((_, pair) => same[pair]);
    const impostor = weighed
      .filter((_, pair) => !same[pair])
      .sort()
      .reverse();
    rates.forEach((falseMatchRate, r) => {
      const threshold = impostor[Math.floor(falseMatchRate * impostors * (1 + 1e-12))]; // accepted is what lies above
      const falseNonMatchRate = genuine.filter((score) => score <= threshold).length / genuine.length;
      if (!best[r] || falseNonMatchRate < best[r].falseNonMatchRate)
        best[r] = { falseMatchRate, weight, threshold, falseNonMatchRate };
    });
  }
  const points = best as BestWeight[];
  const { slope, intercept } = leastSquares(
    points.map(({ threshold }) => threshold),
    points.map(({ weight }) => weight),
  );
  return { parameters: { alpha: 0 - intercept, beta: slope }, points: points.map((point) => ({ ...point })) };
}

function logSpaced(low: number, high: number, count: number): number[] {
  const step = Math.log(high / low) / (count - 1);
  return Array.from({ length: count }, (_, i) => low * Math.exp(i * step));
}

function weightsNearestFirst(qualities: Float64Array): number[] {
  const most = FURTHEST / qualities.reduce((a, b) => Math.max(a, b), Number.MIN_VALUE);
  const middle = (WEIGHTS - 1) / 2;
  return Array.from({ length: WEIGHTS }, (_, i) => ((i - middle) / middle) * most).sort(
    (a, b) => Math.abs(a) - Math.abs(b) || a - b,
  );
}

/** The line through (x, y); level when all x are one. */
function leastSquares(x: readonly number[], y: readonly number[]): { slope: number; intercept: number } {
  const [meanX, meanY] = [mean(x), mean(y)];
  let both = 0;
  let square = 0;
  x.forEach((value, i) => {
    both += (value - meanX) * (y[i] - meanY);
    square += (value - meanX) ** 2;
  });
  const slope = square > 0 ? both / square : 0;
  return { slope, intercept: meanY - slope * meanX };
}
