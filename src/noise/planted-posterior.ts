import { median, quantile, standardDeviation } from '../core/statistics.js';
import { type Density, densityAt, kernelDensity, logConcave, placesOver } from './density.js';
import type { NoiseRate } from './noise-estimate.js';
import type { NullScores } from './null-scores.js';

/** p_noise by score, and the share of noise. */
export interface PlantedPosterior {
  /** Probability that an image is noise, (N), [0, 1], never falling as its score grows; the share where its score is not known. */
  pNoise: Float64Array;
  rate: NoiseRate;
}

/** Shares of noise that are compared: close to each other where a set has little noise. */
const SHARES = [
  ...[0, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.125, 0.15, 0.175],
  ...[0.2, 0.225, 0.25, 0.275, 0.3, 0.325, 0.35, 0.375, 0.4, 0.425, 0.45, 0.475, 0.5, 0.55, 0.6, 0.65, 0.7],
];
const ITERATIONS = 40;
/** Gain of the logarithm of the likelihood in a step below which a fit has settled. */
const SETTLED = 0.01;
/** Kernel widths in deviations, times n^(-1/5): Silverman's rule, and less for clean scores, whose tails are heavier than normal. */
const NOISE_BANDWIDTH = 0.9;
const CLEAN_BANDWIDTH = 0.7;
/** Share of the posterior on each side that the interval leaves out. */
const OUTSIDE = 0.025;

/**
 * Computes p_noise where planted labels show how noise scores to this network, and of clean images it is known only that
 * their scores make one hump. As far as noise and the hump's tail look alike, the share of noise is not to be had
 * from the scores. So the likelihood of every share is computed, each with the clean density that suits it best, and p_noise is the
 * mean over the shares by their likelihood: high only where all likely shares agree.
 *
 * @param scores (N), higher = noisier, NaN where not known; of images that were not planted
 * @param planted scores of planted labels: as if their person had no class in the set (open), and as they are (closed)
 */
export function plantedPosterior(scores: Float64Array, planted: NullScores): PlantedPosterior {
  const known = scores.filter(Number.isFinite);
  const places = placesFor([known, planted.open, planted.closed]);
  const kinds = [planted.open, planted.closed].map((of) => noiseDensity(places, of));
  const counts = countsAt(places, known, kinds[0].length);
  const bandwidth = CLEAN_BANDWIDTH * robustDeviation(known) * known.length ** -0.2;
  const smooth = (weights: Float64Array): Float64Array => smoothed(places, weights, bandwidth);
  const fits = SHARES.map((share) => fitGiven(share, counts, kinds, smooth));
  const likelihoods = posteriorOf(fits.map(({ logLikelihood }) => logLikelihood));
  const start = Math.ceil((median(known) - places.from) / places.step);
  const curve = rising(
    counts.map((_, place) => fits.reduce((sum, { pNoise }, k) => sum + likelihoods[k] * pNoise[place], 0)),
    start,
  );
  const estimate = likelihoods.reduce((sum, likelihood, k) => sum + likelihood * SHARES[k], 0);
  return {
    pNoise: scores.map((score) => (Number.isFinite(score) ? densityAt({ ...places, values: curve }, score) : estimate)),
    rate: { estimate, low: shareAt(likelihoods, OUTSIDE), high: shareAt(likelihoods, 1 - OUTSIDE) },
  };
}

type Places = Omit<Density, 'values'>;

/** Places that cover all of `samples`, and a deviation more. */
function placesFor(samples: readonly Float64Array[]): Places {
  const pad = Math.max(...samples.map(standardDeviation)) + 1e-6;
  const low = Math.min(...samples.map((values) => values.reduce((a, b) => Math.min(a, b))));
  const high = Math.max(...samples.map((values) => values.reduce((a, b) => Math.max(a, b))));
  return placesOver(low - pad, high + pad);
}

/** How many scores lie at each place. */
function countsAt({ from, step }: Places, scores: Float64Array, places: number): Float64Array {
  const counts = new Float64Array(places);
  for (const score of scores) counts[Math.round((score - from) / step)]++;
  return counts;
}

/** One hump over planted scores, at the places. */
const noiseDensity = (places: Places, scores: Float64Array): Float64Array => {
  const bandwidth = NOISE_BANDWIDTH * standardDeviation(scores) * scores.length ** -0.2;
  const ones = new Float64Array(scores.length).fill(1);
  return logConcave(kernelDensity(places, scores, ones, Math.max(places.step, bandwidth))).values;
};

/** One hump over the places by their weights. */
function smoothed(places: Places, weights: Float64Array, bandwidth: number): Float64Array {
  const centres = weights.map((_, place) => places.from + place * places.step);
  return logConcave(kernelDensity(places, centres, weights, Math.max(places.step, bandwidth))).values;
}

interface GivenShare {
  /** At each place. */
  pNoise: Float64Array;
  logLikelihood: number;
}

/** Fits the clean density, and how noise divides into its kinds, for a given share of noise: expectation-maximisation. */
function fitGiven(
  share: number,
  counts: Float64Array,
  kinds: readonly Float64Array[],
  smooth: (weights: Float64Array) => Float64Array,
): GivenShare {
  let parts = kinds.map(() => 1 / kinds.length);
  let noise = mixed(kinds, parts);
  let clean = smooth(counts);
  let fit: GivenShare = {
    pNoise: noise.map((density, i) => Math.min(0.999, (share * density) / clean[i])),
    logLikelihood: -Infinity,
  };
  for (let i = 0; i < ITERATIONS; i++) {
    const before = fit;
    clean = smooth(counts.map((count, place) => count * (1 - before.pNoise[place]) + 1e-9));
    fit = judged(share, counts, noise, clean);
    if (share > 0) parts = partsAfter(parts, counts, kinds, noise, fit.pNoise);
    noise = mixed(kinds, parts);
    if (fit.logLikelihood - before.logLikelihood < SETTLED) break;
  }
  return fit;
}

const mixed = (kinds: readonly Float64Array[], parts: readonly number[]): Float64Array =>
  kinds[0].map((_, place) => kinds.reduce((sum, kind, k) => sum + parts[k] * kind[place], 0));

function judged(share: number, counts: Float64Array, noise: Float64Array, clean: Float64Array): GivenShare {
  let logLikelihood = 0;
  const pNoise = noise.map((density, place) => {
    const both = share * density + (1 - share) * clean[place] + 1e-300;
    logLikelihood += counts[place] * Math.log(both);
    return (share * density) / both;
  });
  return { pNoise, logLikelihood };
}

function partsAfter(
  parts: readonly number[],
  counts: Float64Array,
  kinds: readonly Float64Array[],
  noise: Float64Array,
  pNoise: Float64Array,
): number[] {
  const sums = kinds.map((kind, k) =>
    counts.reduce(
      (sum, count, i) => (noise[i] > 0 ? sum + (count * pNoise[i] * parts[k] * kind[i]) / noise[i] : sum),
      0,
    ),
  );
  const total = sums.reduce((a, b) => a + b, 1e-300);
  return sums.map((sum) => sum / total);
}

/** Probability of each of the shares, all alike before the scores were seen. */
function posteriorOf(logLikelihoods: readonly number[]): number[] {
  const best = Math.max(...logLikelihoods);
  const weights = logLikelihoods.map((value, k) => {
    const width = (SHARES[Math.min(k + 1, SHARES.length - 1)] - SHARES[Math.max(0, k - 1)]) / 2;
    return width * Math.exp(value - best);
  });
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

/** The share below which `part` of the probability lies. */
function shareAt(probabilities: readonly number[], part: number): number {
  let sum = 0;
  return (
    SHARES[probabilities.findIndex((probability) => (sum += probability) >= part - 1e-9)] ?? SHARES[SHARES.length - 1]
  );
}

/** The deviation that the middle half of a normal distribution would have. */
const robustDeviation = (values: Float64Array): number => (quantile(values, 0.75) - quantile(values, 0.25)) / 1.349;

/** Never falling from left to right; before `start` no more than there. */
function rising(values: Float64Array, start: number): Float64Array {
  let highest = 0;
  return values.map((value, i) => (highest = i < start ? Math.min(value, values[start]) : Math.max(highest, value)));
}
