import { mean, quantile } from '../core/statistics.js';
import { fallingMeans } from './density.js';

/** What clean images of each image's quality score: where the middle half of them lies. */
export interface TypicalScores {
  middle: Float64Array; // (N)
  /** As a standard deviation. */
  spread: Float64Array; // (N)
}

/** Images in the lowest class of quality; every next one is twice as large. Fewer say nothing of a spread. */
const LOWEST_CLASS = 20;
/** Width of the middle half of a normal distribution, in deviations. */
const QUARTILES = 1.349;
const LEAST_SPREAD = 0.02;

/**
 * How clean images score by their quality: the less the network saw in an image, the nearer to a stranger's its score, and
 * the wider the scores scatter. Reckoned of the images that are trusted, in classes of quality, made monotone: of the
 * doubtful ones of poor quality nobody knows whether they are hard, and were they counted, heaps of non-faces would pass for
 * what poor pictures look like. @param scores (N), higher = noisier, NaN where not known @param quality (N) @param trusted (N)
 */
export function typicalScores(
  scores: Float64Array,
  quality: ArrayLike<number>,
  trusted: readonly boolean[],
): TypicalScores {
  const known = [...scores.keys()].filter((i) => Number.isFinite(scores[i]));
  const order = (known.some((i) => trusted[i]) ? known.filter((i) => trusted[i]) : known).sort(
    (a, b) => quality[a] - quality[b] || a - b,
  );
  const classes = classesOf(order);
  const at = classes.map((members) => mean(members.map((i) => quality[i])));
  const counts = classes.map(({ length }) => length);
  const ofClass = (share: number): number[] =>
    classes.map((members) =>
      quantile(
        members.map((i) => scores[i]),
        share,
      ),
    );
  const [low, high] = [ofClass(0.25), ofClass(0.75)];
  const middles = fallingMeans(ofClass(0.5), counts);
  const spreads = fallingMeans(
    high.map((value, c) => (value - low[c]) / QUARTILES),
    counts,
  );
  const between = (values: Float64Array): Float64Array =>
    Float64Array.from(scores, (_, i) => interpolated(at, values, quality[i]));
  return { middle: between(middles), spread: between(spreads).map((value) => Math.max(LEAST_SPREAD, value)) };
}

function classesOf(order: readonly number[]): number[][] {
  const classes: number[][] = [];
  let size = LOWEST_CLASS;
  for (let from = 0; from < order.length; size *= 2) {
    const to = order.length - (from + size) < 2 * size ? order.length : from + size;
    classes.push(order.slice(from, to));
    from = to;
  }
  return classes;
}

/** @param at (M), rising @param values (M) */
function interpolated(at: readonly number[], values: ArrayLike<number>, x: number): number {
  const above = at.findIndex((place) => place >= x);
  if (above < 0) return values[at.length - 1];
  if (above === 0) return values[0];
  const share = (x - at[above - 1]) / (at[above] - at[above - 1] || 1);
  return values[above - 1] + share * (values[above] - values[above - 1]);
}
