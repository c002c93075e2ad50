import { mean, quantile } from '../core/statistics.js';
import { fallingMeans } from './density.js';

/** How clean images of each image's quality score: where the middle half of them lies. */
export interface TypicalScores {
  middle: Float64Array; // (N)
  /** As a standard deviation. */
  spread: Float64Array; // (N)
}

/**
 * Images in the lowest bin of quality; every next bin is twice as large. Fewer give no spread. Chosen by looking at LFW with 10 to
 * 40 % noise and at the actors, between 20, 40 and 60.
 */
export const LOWEST_BIN = 40;
/** Width of the middle half of a normal distribution, in deviations. */
export const QUARTILES = 1.349;
const LEAST_SPREAD = 0.02;
/** How far a further quality may narrow the spread that those before it gave. */
const LEAST_FACTOR = 0.5;

/**
 * Computes how clean images score by their quality: the lower the quality, the nearer to a stranger's the score, and the
 * wider its spread. Computed from the trusted images, in bins of quality, made monotone: whether a doubtful image of low
 * quality is hard or noise is not known, and if such images were counted, many non-faces would define what low quality is.
 *
 * @param scores (N), higher = noisier, NaN where not known
 * @param qualities (N) each; one after the other, each from what the one before it leaves. The first is null where it is not
 *   known: then all images are one bin
 * @param trusted (N), 1 or 0
 */
export function typicalScores(
  scores: Float64Array,
  qualities: readonly (ArrayLike<number> | null)[],
  trusted: Float64Array,
): TypicalScores {
  let [offsets, middle, spread] = [scores, scores.map(() => 0), scores.map(() => 1)];
  for (const [i, quality] of qualities.entries()) {
    if (quality === null && i > 0) continue;
    const next = typicalBy(offsets, quality, trusted, i === 0 ? LEAST_SPREAD : LEAST_FACTOR);
    middle = middle.map((value, j) => value + spread[j] * next.middle[j]);
    spread = spread.map((value, j) => value * next.spread[j]);
    offsets = offsets.map((value, j) => (value - next.middle[j]) / next.spread[j]);
  }
  return { middle, spread };
}

function typicalBy(
  scores: Float64Array,
  quality: ArrayLike<number> | null,
  trusted: Float64Array,
  leastSpread: number,
): TypicalScores {
  const qualityOf = (i: number): number => quality?.[i] ?? 1;
  const known = [...scores.keys()].filter((i) => Number.isFinite(scores[i]));
  const order = (known.some((i) => trusted[i] > 0) ? known.filter((i) => trusted[i] > 0) : known).sort(
    (a, b) => qualityOf(a) - qualityOf(b) || a - b,
  );
  const bins = quality ? binsOf(order) : [order];
  const at = bins.map((members) => mean(members.map(qualityOf)));
  const counts = bins.map(({ length }) => length);
  const ofBin = (share: number): number[] =>
    bins.map((members) =>
      quantile(
        members.map((i) => scores[i]),
        share,
      ),
    );
  const [low, high] = [ofBin(0.25), ofBin(0.75)];
  const middles = fallingMeans(ofBin(0.5), counts);
  const spreads = fallingMeans(
    high.map((value, c) => (value - low[c]) / QUARTILES),
    counts,
  );
  const between = (values: Float64Array): Float64Array =>
    Float64Array.from(scores, (_, i) => interpolated(at, values, qualityOf(i)));
  return { middle: between(middles), spread: between(spreads).map((value) => Math.max(leastSpread, value)) };
}

function binsOf(order: readonly number[]): number[][] {
  const bins: number[][] = [];
  let size = LOWEST_BIN;
  for (let from = 0; from < order.length; size *= 2) {
    const to = order.length - (from + size) < 2 * size ? order.length : from + size;
    bins.push(order.slice(from, to));
    from = to;
  }
  return bins;
}

/** @param at (M), rising @param values (M) */
function interpolated(at: readonly number[], values: ArrayLike<number>, x: number): number {
  const above = at.findIndex((place) => place >= x);
  if (above < 0) return values[at.length - 1];
  if (above === 0) return values[0];
  const share = (x - at[above - 1]) / (at[above] - at[above - 1] || 1);
  return values[above - 1] + share * (values[above] - values[above - 1]);
}
