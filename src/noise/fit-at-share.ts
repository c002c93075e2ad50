/** Shares of noise that are compared: close to each other where a set has little noise. */
export const SHARES: readonly number[] = [
  ...[0, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.125, 0.15, 0.175],
  ...[0.2, 0.225, 0.25, 0.275, 0.3, 0.325, 0.35, 0.375, 0.4, 0.425, 0.45, 0.475, 0.5, 0.55, 0.6, 0.65, 0.7],
];

const ITERATIONS = 40;
/** Gain of the logarithm of the likelihood in a step below which a fit has settled. */
const SETTLED = 0.01;

/** Clean images and a given share of noise, fitted to scores. */
export interface FitAtShare {
  share: number;
  /** At each place. */
  pNoise: Float64Array;
  logLikelihood: number;
}

/** Scores at places, (M), and what noise of each kind scores. */
export interface CountedScores {
  counts: Float64Array; // (M)
  kinds: readonly Float64Array[]; // densities at the places
}

/**
 * Fits the clean density, and how noise divides into its kinds, for a given share of noise, by expectation-maximisation.
 *
 * @param smooth returns the clean density at the places that suits weights there best
 */
export function fitAtShare(
  share: number,
  { counts, kinds }: CountedScores,
  smooth: (weights: Float64Array) => Float64Array,
): FitAtShare {
  let parts = kinds.map(() => 1 / kinds.length);
  let noise = mixed(kinds, parts);
  const all = smooth(counts);
  const first = noise.map((density, place) => Math.min(0.999, (share * density) / (all[place] + 1e-300)));
  let fit: FitAtShare = { share, pNoise: first, logLikelihood: -Infinity };
  for (let i = 0; i < ITERATIONS; i++) {
    const before = fit;
    const clean = smooth(counts.map((count, place) => count * (1 - before.pNoise[place]) + 1e-9));
    fit = judged(share, counts, noise, clean);
    if (share === 0 || fit.logLikelihood - before.logLikelihood < SETTLED) break;
    parts = partsAfter(parts, counts, kinds, noise, fit.pNoise);
    noise = mixed(kinds, parts);
  }
  return fit;
}

const mixed = (kinds: readonly Float64Array[], parts: readonly number[]): Float64Array =>
  kinds[0].map((_, place) => kinds.reduce((sum, kind, k) => sum + parts[k] * kind[place], 0));

function judged(share: number, counts: Float64Array, noise: Float64Array, clean: Float64Array): FitAtShare {
  let logLikelihood = 0;
  const pNoise = noise.map((density, place) => {
    const both = share * density + (1 - share) * clean[place] + 1e-300;
    if (counts[place] > 0) logLikelihood += counts[place] * Math.log(both);
    return (share * density) / both;
  });
  return { share, pNoise, logLikelihood };
}

/** How noise divides into its kinds, by what each image is. */
function partsAfter(
  parts: readonly number[],
  counts: Float64Array,
  kinds: readonly Float64Array[],
  noise: Float64Array,
  pNoise: Float64Array,
): number[] {
  const sums = kinds.map((kind, k) =>
    counts.reduce(
      (sum, count, place) =>
        noise[place] > 0 ? sum + (count * pNoise[place] * parts[k] * kind[place]) / noise[place] : sum,
      0,
    ),
  );
  const total = sums.reduce((a, b) => a + b, 1e-300);
  return sums.map((sum) => sum / total);
}
