/** Least and most that a rate may be: logarithms stay finite. */
const LEAST = 1e-6;
const ITERATIONS = 30;

/** Noise as two kinds of classes have it: scattered images everywhere, and classes in which a large part is somebody else. */
interface TwoRates {
  /** Rate of noise in ordinary classes, and in the others. */
  base: number;
  high: number;
  /** Share of the classes that are of the second kind. */
  mixed: number;
}

/**
 * Computes by how much the odds of noise in each image's class differ from those of the set. In most classes noise is scattered
 * evenly; a merged folder or a namesake fills a large part of a few. Two rates of noise are fitted to the classes (a mixture of
 * binomials, by expectation-maximisation) and used where they explain the set better than one does (BIC, Schwarz 1978). An
 * image says nothing of its own class.
 *
 * @param pNoise (N), [0, 1], so far
 * @param share of noise in the set, (0, 1)
 * @param rows images that count
 * @param labels (N), class of each image, from 0
 * @returns (N), factors on the odds of noise
 */
export function localOdds(
  pNoise: Float64Array,
  share: number,
  rows: readonly number[],
  labels: Int32Array,
): Float64Array {
  const classes = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  const [sizes, sums] = [new Float64Array(classes), new Float64Array(classes)];
  const isCounted = new Uint8Array(labels.length);
  for (const i of rows) {
    sizes[labels[i]]++;
    sums[labels[i]] += pNoise[i];
    isCounted[i] = 1;
  }
  const fit = twoRates(sizes, sums);
  if (!fit) return pNoise.map(() => 1);
  const usual = oddsOf(share);
  return pNoise.map((p, i) => {
    const label = labels[i];
    const [size, sum] = isCounted[i] ? [sizes[label] - 1, sums[label] - p] : [sizes[label], sums[label]];
    const mixed = mixedProbability(size, Math.max(0, sum), fit);
    return oddsOf(mixed * fit.high + (1 - mixed) * fit.base) / usual;
  });
}

const bounded = (rate: number): number => Math.min(1 - LEAST, Math.max(LEAST, rate));
const oddsOf = (rate: number): number => bounded(rate) / (1 - bounded(rate));

/** Log-likelihood of `sum` noisy images of `size` at `rate`. */
const logLikelihood = (size: number, sum: number, rate: number): number =>
  sum * Math.log(bounded(rate)) + (size - sum) * Math.log(1 - bounded(rate));

/** Probability that a class is of the second kind. */
function mixedProbability(size: number, sum: number, { base, high, mixed }: TwoRates): number {
  const ratio = logLikelihood(size, sum, base) - logLikelihood(size, sum, high);
  return mixed / (mixed + (1 - mixed) * Math.exp(Math.min(700, ratio)));
}

/** Returns the two rates, or null where one explains the classes as well. */
function twoRates(sizes: Float64Array, sums: Float64Array): TwoRates | null {
  const used = [...sizes.keys()].filter((c) => sizes[c] > 0);
  const total = (values: Float64Array, weight: (c: number) => number): number =>
    used.reduce((all, c) => all + weight(c) * values[c], 0);
  const one = total(sums, () => 1) / total(sizes, () => 1);
  const start = Math.max(3 * one, 0.1);
  let fit: TwoRates = { base: one / 2, high: Math.min(0.5, start), mixed: 0.1 };
  for (let i = 0; i < ITERATIONS; i++) {
    const kinds = new Map(used.map((c) => [c, mixedProbability(sizes[c], sums[c], fit)]));
    const isMixed = (c: number): number => kinds.get(c)!;
    const rate = (weight: (c: number) => number): number => total(sums, weight) / Math.max(LEAST, total(sizes, weight));
    fit = {
      base: rate((c) => 1 - isMixed(c)),
      high: rate(isMixed),
      mixed: bounded(
        total(
          sizes.map(() => 1),
          isMixed,
        ) / used.length,
      ),
    };
  }
  const gain = used.reduce((all, c) => {
    const [low, high] = [logLikelihood(sizes[c], sums[c], fit.base), logLikelihood(sizes[c], sums[c], fit.high)];
    const most = Math.max(low, high);
    const both = most + Math.log((1 - fit.mixed) * Math.exp(low - most) + fit.mixed * Math.exp(high - most));
    return all + both - logLikelihood(sizes[c], sums[c], one);
  }, 0);
  return gain > Math.log(used.length) && fit.high > fit.base ? fit : null;
}
