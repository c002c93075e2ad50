import { mean, quantile, standardDeviation } from '../core/statistics.js';

export interface Normal {
  weight: number;
  mean: number;
  variance: number;
}

/** Scores as a mixture: clean images in two groups (easy, hard), noise in one. */
export interface Mixture {
  clean: Normal[];
  noise: Normal;
}

const ITERATIONS = 200;
/** Share of the clean spread below which no component may shrink: a point is not a group. */
const NARROWEST = 0.01;
/** Prior images at the spread of all scores, so that a handful of suspects does not make a needle. */
const PRIOR_IMAGES = 4;

const density = (x: number, { weight, mean, variance }: Normal): number =>
  (weight * Math.exp(-((x - mean) ** 2) / (2 * variance))) / Math.sqrt(2 * Math.PI * variance);

/**
 * Fits the mixture by expectation-maximisation. The noise component's place and width are those of the `suspects`
 * (images that are noise beyond doubt); only its weight is free: let loose, it would take the hard images too.
 * @param scores (N), higher = noisier @param suspect (N)
 */
export function fitMixture(scores: Float64Array, suspect: readonly boolean[]): Mixture {
  const sure = scores.filter((_, i) => suspect[i]);
  const rest = scores.filter((_, i) => !suspect[i]);
  const spread = standardDeviation(scores) ** 2;
  if (sure.length === 0 || rest.length === 0 || spread === 0) return everythingClean(scores, spread);

  const floor = NARROWEST * standardDeviation(rest) ** 2 + 1e-9;
  const ownSpread = sure.length * standardDeviation(sure) ** 2;
  const share = sure.length / scores.length;
  const noise: Normal = {
    weight: share,
    mean: mean(sure),
    variance: (ownSpread + PRIOR_IMAGES * spread) / (sure.length + PRIOR_IMAGES),
  };
  const clean = [0.3, 0.8].map((at): Normal => ({
    weight: (1 - share) / 2,
    mean: quantile(rest, at),
    variance: Math.max(floor, standardDeviation(rest) ** 2 / 2),
  }));
  for (let i = 0; i < ITERATIONS; i++) improve(scores, { clean, noise }, floor);
  return { clean, noise };
}

const everythingClean = (scores: Float64Array, spread: number): Mixture => ({
  clean: [{ weight: 1, mean: mean(scores), variance: spread + 1e-9 }],
  noise: { weight: 0, mean: 0, variance: 1 },
});

/** One step of expectation-maximisation, in place. */
function improve(scores: Float64Array, { clean, noise }: Mixture, floor: number): void {
  const sums = clean.map(() => ({ weight: 0, first: 0, second: 0 }));
  let noisy = 0;
  for (const x of scores) {
    const parts = clean.map((component) => density(x, component));
    const noisePart = density(x, noise);
    const total = parts.reduce((a, b) => a + b, noisePart) + 1e-300;
    noisy += noisePart / total;
    sums.forEach((sum, c) => {
      const share = parts[c] / total;
      sum.weight += share;
      sum.first += share * x;
      sum.second += share * x * x;
    });
  }
  noise.weight = noisy / scores.length;
  clean.forEach((component, c) => {
    const { weight, first, second } = sums[c];
    if (weight < 1e-9) return;
    component.weight = weight / scores.length;
    component.mean = first / weight;
    component.variance = Math.max(floor, second / weight - component.mean ** 2);
  });
}

/** Probability that an image is noise, [0, 1], never falling as its score grows. @returns (N) */
export function noiseProbabilities(scores: Float64Array, { clean, noise }: Mixture): Float64Array {
  const order = Array.from(scores.keys()).sort((a, b) => scores[a] - scores[b]);
  const probabilities = new Float64Array(scores.length);
  let highest = 0;
  for (const i of order) {
    const noisePart = density(scores[i], noise);
    const cleanPart = clean.reduce((sum, component) => sum + density(scores[i], component), 0);
    const here = noisePart === 0 ? 0 : noisePart / (noisePart + cleanPart);
    highest = Math.max(highest, here);
    probabilities[i] = highest;
  }
  return probabilities;
}
