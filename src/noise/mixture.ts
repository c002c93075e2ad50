import { mean, median, quantile, standardDeviation } from '../core/statistics.js';

export interface Normal {
  weight: number;
  mean: number;
  variance: number;
  /** Only its weight is fitted. */
  known?: boolean;
  /** What its mean may not pass. */
  ceiling?: number;
}

/** Scores as a mixture: clean images in some groups (easy, hard), noise in one or more. */
export interface Mixture {
  clean: Normal[];
  noise: Normal[];
}

/** Quantiles of the clean scores where their groups start. Hard images have one of their own where it cannot become the noise's. */
const CLEAN = [0.2, 0.8];
const CLEAN_BESIDE_KNOWN = [0.2, 0.8, 0.98];

const ITERATIONS = 300;
/** Change of the weights in a step below which the fit has settled. */
const SETTLED = 1e-6;
/** Share of the whole spread below which no component may shrink: a point is not a group. */
const NARROWEST = 0.01;

const density = (x: number, { weight, mean, variance }: Normal): number =>
  (weight * Math.exp(-((x - mean) ** 2) / (2 * variance))) / Math.sqrt(2 * Math.PI * variance);

/** The normal that `scores` look like; its weight is still open. */
export const normalOf = (scores: Float64Array): Normal => ({
  weight: 0,
  mean: mean(scores),
  variance: standardDeviation(scores) ** 2,
});

/**
 * Fits the mixture by expectation-maximisation. Where it starts decides what it finds: noise at the `suspects`, clean
 * images at quantiles of the rest. @param scores (N), higher = noisier @param suspect (N)
 * @param known what noise looks like, where that is known; else it is fitted too
 */
export function fitMixture(scores: Float64Array, suspect: readonly boolean[], known: readonly Normal[] = []): Mixture {
  const sure = scores.filter((_, i) => suspect[i]);
  const rest = scores.filter((_, i) => !suspect[i]);
  const spread = standardDeviation(scores) ** 2;
  if (sure.length === 0 || rest.length === 0 || spread === 0) return everythingClean(scores, spread);

  const floor = NARROWEST * spread;
  const share = sure.length / scores.length;
  const restSpread = Math.max(floor, standardDeviation(rest) ** 2 / 2);
  const starts = known.length ? CLEAN_BESIDE_KNOWN : CLEAN;
  const noise = known.length
    ? known.map((normal) => ({ ...normal, weight: share / known.length, known: true }))
    : [{ weight: share, mean: mean(sure), variance: Math.max(floor, standardDeviation(sure) ** 2) }];
  const ceiling = known.length ? (median(rest) + Math.min(...known.map((normal) => normal.mean))) / 2 : undefined;
  const clean = starts.map((at) => ({
    ...{ weight: (1 - share) / starts.length, mean: quantile(rest, at), variance: restSpread, ceiling },
  }));
  for (let i = 0; i < ITERATIONS; i++) if (improve(scores, [...clean, ...noise], floor) < SETTLED) break;
  return { clean, noise };
}

/** Share of the scores that are noise, [0, 1]. */
export const noiseShare = ({ noise }: Mixture): number => noise.reduce((sum, { weight }) => sum + weight, 0);

const everythingClean = (scores: Float64Array, spread: number): Mixture => ({
  clean: [{ weight: 1, mean: mean(scores), variance: spread + 1e-9 }],
  noise: [],
});

/** One step of expectation-maximisation, in place. @returns by how much the weights changed at most */
function improve(scores: Float64Array, components: readonly Normal[], floor: number): number {
  const sums = components.map(() => ({ weight: 0, first: 0, second: 0 }));
  const parts = new Float64Array(components.length);
  for (const x of scores) {
    let total = 1e-300;
    for (let c = 0; c < components.length; c++) total += parts[c] = density(x, components[c]);
    for (let c = 0; c < components.length; c++) {
      const share = parts[c] / total;
      sums[c].weight += share;
      sums[c].first += share * x;
      sums[c].second += share * x * x;
    }
  }
  let change = 0;
  components.forEach((component, c) => {
    const { weight, first, second } = sums[c];
    change = Math.max(change, Math.abs(component.weight - weight / scores.length));
    component.weight = weight / scores.length;
    if (weight < 1e-9 || component.known) return;
    component.mean = Math.min(first / weight, component.ceiling ?? Infinity);
    component.variance = Math.max(floor, second / weight - (first / weight) ** 2);
  });
  return change;
}

/** Probability that an image is noise, [0, 1], never falling as its score grows. @returns (N) */
export function noiseProbabilities(scores: Float64Array, { clean, noise }: Mixture): Float64Array {
  const order = Int32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a] - scores[b]);
  const sum = (x: number, components: readonly Normal[]): number =>
    components.reduce((total, component) => total + density(x, component), 0);
  const probabilities = new Float64Array(scores.length);
  let highest = 0;
  for (const i of order) {
    const noisePart = sum(scores[i], noise);
    const here = noisePart === 0 ? 0 : noisePart / (noisePart + sum(scores[i], clean));
    highest = Math.max(highest, here);
    probabilities[i] = highest;
  }
  return probabilities;
}
