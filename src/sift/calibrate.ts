import { randomOf } from '../core/random.js';
import type { Evidence } from '../core/records.js';
import { standardDeviation } from '../core/statistics.js';
import { fuse } from './fuse.js';
import { fitMixture, noiseProbabilities } from './mixture.js';
import { signals } from './signals.js';

export interface NoiseRate {
  /** Share of the images that are noise, [0, 1]. */
  estimate: number;
  /** Bounds that resampling the set stays within in about 95 of 100 cases. */
  low: number;
  high: number;
}

export interface Calibration {
  pNoise: Float64Array; // (N), 1 = certainly noise
  noiseRate: NoiseRate;
}

/** Neighbour agreement up to which a neighbourhood counts as strangers: one witness of ten may be chance. */
const STRANGERS = 0.15;
const RESAMPLES = 40;
/** Images a resample: the interval of larger sets is scaled down from it. */
const RESAMPLE_SIZE = 2000;

/**
 * p_noise of each image, estimated on the set itself: all signals are summed, the images whose label is contradicted
 * by centres and neighbours alike show how noise scores here, and what share of the rest scores like them is fitted.
 */
export function calibrate(evidence: readonly Evidence[], seed: number): Calibration {
  const scores = fuse(evidence, signals);
  const suspects = evidence.map(isSuspect);
  const mixture = fitMixture(scores, suspects);
  const estimate = mixture.noise.weight;
  const margin = 1.96 * resampledDeviation(scores, suspects, seed);
  const noiseRate = { estimate, low: Math.max(0, estimate - margin), high: Math.min(1, estimate + margin) };
  return { pNoise: noiseProbabilities(scores, mixture), noiseRate };
}

/** Another identity is nearer than the own one, and the neighbours are strangers. */
const isSuspect = ({ rivalCos, cosDominant, neighbourAgreement }: Evidence): boolean =>
  rivalCos !== null && cosDominant !== null && rivalCos > cosDominant && (neighbourAgreement ?? 0) <= STRANGERS;

/** Standard deviation of the noise rate over bootstrap resamples (Efron 1979). */
function resampledDeviation(scores: Float64Array, suspects: readonly boolean[], seed: number): number {
  const random = randomOf(seed, 'noise-rate');
  const size = Math.min(scores.length, RESAMPLE_SIZE);
  const rates = Array.from({ length: RESAMPLES }, () => {
    const drawn = Array.from({ length: size }, () => random.integer(scores.length));
    const mixture = fitMixture(
      Float64Array.from(drawn, (i) => scores[i]),
      drawn.map((i) => suspects[i]),
    );
    return mixture.noise.weight;
  });
  return standardDeviation(rates) * Math.sqrt(size / scores.length);
}
