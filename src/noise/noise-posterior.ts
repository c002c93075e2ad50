import { mean, median } from '../core/statistics.js';
import { type Density, densityAt, kernelDensity, logConcave, placesOver, upperPoint } from './density.js';
import { PROPOSED_FROM } from '../identities/splits.js';
import { localOdds } from './local-odds.js';
import type { NullScores } from './null-scores.js';
import type { TypicalScores } from './typical-scores.js';

/** What a fit finds. */
export interface Posterior {
  /** Probability that an image is noise, (N), [0, 1]. */
  pNoise: Float64Array;
  /** What p_noise may be at most, (N), whatever else is known of a face: below 1 where it is not known whom the identity's name means. */
  ceiling: Float64Array;
  /** What p_noise may be at most by the score, (N): below 1 where too many clean images of the same quality score as high. */
  ceilingByScore: Float64Array;
  /** The same, were every image of the set's middle quality and its identity's centre right: what its score alone would say. */
  pIfSharp: Float64Array;
  /** Share of the images that are noise: people who have no class in the set (open), and people of the set (closed). */
  share: ByKind<number>;
  /** Share of clean images that is taken to look like noise in any set. */
  fails: number;
}

export interface ScoredImages {
  scores: Float64Array; // (N), higher = noisier, NaN where not known
  /** Other photographs of each image's identity, (N), and how many of them are trusted. */
  others: Float64Array;
  trustedOthers: Float64Array;
  /** Images that the fit is made on. */
  rows: readonly number[];
  /** What clean images of their quality score. */
  typical: TypicalScores;
  /** What noise scores. */
  known: NullScores;
  /** Class of each image, (N): the share of noise differs between classes. */
  labels: Int32Array;
  /** (N): images of people whom somebody is asked about as a group; they say nothing about how much other noise there is. */
  isAside: readonly boolean[];
}

/**
 * Share of clean images in which the network sees somebody else whatever their quality: profiles, false noses, the neighbour's
 * face. The network's own failure is not the set's noise, and no set of a few thousand images can tell the two apart.
 * Chosen by looking at the 2,405 images of lfw10a + lfw5a, where it fails in 5.
 */
const FAILS = 0.001;
/**
 * Share of the clean images of a quality that may be called noise for their score: the usual level of significance (.003 and .02 were
 * tried on degraded sets too), whatever the share of noise. Where half of a set is noise, p_noise is above 1/2 at scores that many a clean image of low quality has; those are
 * asked about.
 */
const CALLED_WRONGLY = 0.01;
const ITERATIONS = 200;
const SETTLED = 1e-6;
/** Deviation of the kernel for noise's scores (cosines), and for the clean ones in units of their spread. */
const NOISE_BANDWIDTH = 0.02;
const CLEAN_BANDWIDTH = 0.7; // times n^(-1/5), Silverman's rule for tails heavier than normal
/** Clean scores further from the middle, in spreads, are taken for these. */
const FURTHEST = { below: -15, above: 40 };
/** Scores are differences of two cosines. */
const LOWEST_SCORE = -2.1;
const HIGHEST_SCORE = 2.1;
/** An image that is nearer to somebody else is noise until the fit knows better, and the reverse. */
const FIRST_GUESS = { nearer: 0.95, else: 0.001 };

/**
 * Computes p_noise by expectation-maximisation over three kinds: open-set and closed-set noise, whose densities are known
 * (null-scores.ts), and clean images, of whose scores, less what is typical of their quality, it is known only that they make
 * one hump. So no group of hard images can move under the noise, nor noise pass for their tail, as long as images of
 * good quality show what the tail is like. Of an identity's only photograph no more is known than of the set.
 */
export function noisePosterior(images: ScoredImages): Posterior {
  const { scores, others, trustedOthers, typical, known, labels, isAside } = images;
  const rows = images.rows.filter((i) => !isAside[i]);
  const offsets = scores.map((score, i) => bounded((score - typical.middle[i]) / typical.spread[i]));
  const asNoise = noiseDensities(scores, known);
  const places = placesOver(FURTHEST.below - 1, FURTHEST.above + 1);
  const bandwidth = Math.max(places.step, CLEAN_BANDWIDTH * rows.length ** -0.2);
  const fitted = Float64Array.from(rows, (i) => offsets[i]);
  const first = mean(Float64Array.from(rows, (i) => (scores[i] > 0 ? 1 : 0)));
  let share = { open: first / 2, closed: first / 2 };
  let pNoise: Float64Array = scores.map((score) => (score > 0 ? FIRST_GUESS.nearer : FIRST_GUESS.else));
  let clean: Density;
  const straysAt = (total: number): Float64Array =>
    others.map((count, i) => FAILS + (trustedOthers[i] >= ENOUGH_TRUSTED ? 0 : strayShare(count, total)));
  let odds: ByKind<Float64Array> = { open: scores.map(() => 1), closed: scores.map(() => 1) };
  for (let i = 0; ; i++) {
    const weights = Float64Array.from(rows, (row) => Math.max(1 - pNoise[row], 1e-6));
    clean = logConcave(kernelDensity(places, fitted, weights, bandwidth));
    const before = share;
    pNoise = probabilities(
      asNoise,
      cleanDensities(clean, offsets, typical.spread),
      straysAt(share.open + share.closed),
      share,
      odds,
    );
    share = sharesOf(byKind(asNoise, pNoise, share, odds), rows);
    const kinds = byKind(asNoise, pNoise, share, odds);
    odds = {
      open: proposedOdds(localOdds(kinds.open, share.open, rows, labels), share.open, isAside),
      closed: localOdds(kinds.closed, share.closed, rows, labels),
    };
    if (i >= ITERATIONS || Math.abs(share.open - before.open) + Math.abs(share.closed - before.closed) < SETTLED) break;
  }
  const [middle, spread] = [median(typical.middle), median(typical.spread)];
  const ifSharp = scores.map((score) => densityAt(clean, bounded((score - middle) / spread)) / spread);
  const asClean = cleanDensities(clean, offsets, typical.spread);
  const byItself = closedAgainstOpen(scores, share.closed, asNoise);
  return {
    pNoise: probabilities(asNoise, asClean, straysAt(share.open + share.closed), share, odds),
    ceiling: byItself.map((p, i) =>
      trustedOthers[i] >= ENOUGH_TRUSTED || others[i] > MOST_CONTRADICTING ? 1 : Math.max(UNDECIDED, p),
    ),
    ceilingByScore: ceilingsByScore(clean, offsets),
    ...{
      pIfSharp: probabilities(
        asNoise,
        ifSharp,
        others.map(() => FAILS),
        share,
        odds,
      ),
      share,
      fails: FAILS,
    },
  };
}

/** Returns the probability that an image is of somebody who is in the set under another name, were it not of its own; 1 where no score is known. */
const closedAgainstOpen = (scores: Float64Array, share: number, { open, closed }: ByKind<Float64Array>): Float64Array =>
  scores.map((score, i) => {
    if (Number.isNaN(score)) return 1;
    const isOther = share * closed[i];
    return isOther / (isOther + (1 - share) * open[i] + 1e-300);
  });

/** NaN gets 1. */
function ceilingsByScore(clean: Density, offsets: Float64Array): Float64Array {
  const reached = upperPoint(clean, CALLED_WRONGLY);
  return offsets.map((offset) => (offset < reached ? UNDECIDED : 1));
}

const cleanDensities = (clean: Density, offsets: Float64Array, spread: Float64Array): Float64Array =>
  offsets.map((offset, i) => densityAt(clean, offset) / spread[i]);

/** NaN stays NaN. */
const bounded = (offset: number): number => Math.min(FURTHEST.above, Math.max(FURTHEST.below, offset));

/** Of open-set and of closed-set noise. */
interface ByKind<T> {
  open: T;
  closed: T;
}

function noiseDensities(scores: Float64Array, { open, closed }: NullScores): ByKind<Float64Array> {
  const places = placesOver(LOWEST_SCORE, HIGHEST_SCORE);
  const at = (samples: Float64Array): Float64Array => {
    if (samples.length === 0) return new Float64Array(scores.length);
    const density = kernelDensity(places, samples, new Float64Array(samples.length).fill(1), NOISE_BANDWIDTH);
    return scores.map((score) => densityAt(density, score));
  };
  return { open: at(open), closed: at(closed) };
}

/** Odds that a group is a second person, at the confidence from which it is proposed as one. */
const PROPOSED_ODDS = PROPOSED_FROM / (1 - PROPOSED_FROM);

/** Returns the factors, those of images of a proposed second person at least so high that they have the proposal's odds. */
const proposedOdds = (factors: Float64Array, share: number, isAside: readonly boolean[]): Float64Array =>
  factors.map((factor, i) =>
    isAside[i] ? Math.max(factor, (PROPOSED_ODDS * (1 - share)) / Math.max(share, 1e-6)) : factor,
  );

/** Trusted other photographs from which an identity's centre is taken to be the person's. */
const ENOUGH_TRUSTED = 0.5;
/**
 * Of images that all contradict each other it is not known which is wrong, and none is dropped for that: p_noise is at most this,
 * unless the image fits somebody else better than strangers do.
 */
const UNDECIDED = 0.49;
/** Other photographs up to which that holds: of five that contradict each other four are wrong at least, and any of them is likely to be. */
const MOST_CONTRADICTING = 3.5;

/**
 * Where no other image is trusted, all contradict each other, so at most one is right: share of the right images that look
 * like noise for it, by how many others there are. @param share of noise in the set
 */
const strayShare = (others: number, share: number): number => share / (share + others * (1 - share));

/** What each image is, by the shares so far, (N). @param odds (N), factors on the odds of noise */
function probabilities(
  { open, closed }: ByKind<Float64Array>,
  asClean: Float64Array,
  strays: Float64Array,
  share: ByKind<number>,
  odds: ByKind<Float64Array>,
): Float64Array {
  const total = share.open + share.closed;
  return asClean.map((clean, i) => {
    if (Number.isNaN(clean)) return total;
    const noise = odds.open[i] * share.open * open[i] + odds.closed[i] * share.closed * closed[i];
    const right = (1 - total) * ((1 - strays[i]) * clean + strays[i] * open[i]);
    return noise / (noise + right + 1e-300);
  });
}

/** Returns each image's p_noise divided between the two kinds. */
function byKind(
  { open, closed }: ByKind<Float64Array>,
  pNoise: Float64Array,
  share: ByKind<number>,
  odds: ByKind<Float64Array>,
): ByKind<Float64Array> {
  const isOpen = pNoise.map((_, i) => {
    const [a, b] = [odds.open[i] * share.open * open[i], odds.closed[i] * share.closed * closed[i]];
    return a + b === 0 ? 0.5 : a / (a + b);
  });
  return { open: pNoise.map((p, i) => p * isOpen[i]), closed: pNoise.map((p, i) => p * (1 - isOpen[i])) };
}

/** Returns the shares of the two kinds among the rows. */
function sharesOf(kinds: ByKind<Float64Array>, rows: readonly number[]): ByKind<number> {
  const shareOf = (values: Float64Array): number => rows.reduce((sum, i) => sum + values[i], 0) / rows.length;
  return { open: shareOf(kinds.open), closed: shareOf(kinds.closed) };
}
