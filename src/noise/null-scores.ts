import type { Random } from '../core/random.js';
import type { MatrixIn, Space } from '../core/spaces.js';
import { dotRows } from '../core/vectors.js';
import type { NearestOtherClass } from './nearest-other-class.js';

/**
 * Returns the noise score of an image, higher = noisier: the cosine to the nearest other class, times its weight, minus the
 * cosine to its own class. Both cosines are of one space.
 */
export const noiseScore = (ownClassCosine: number, otherCosine: number, otherClassWeight: number): number =>
  otherClassWeight * Math.max(otherCosine, -1) - ownClassCosine;

/** Scores that noise would have in this set: the null distributions. */
export interface NullScores {
  /** Of people who have no class in the set (open-set noise). */
  open: Float64Array;
  /** Of people of the set under another's name (closed-set noise). */
  closed: Float64Array;
}

export interface ScoredFeatures<S extends Space> {
  features: MatrixIn<S>; // (N, D) unit rows
  labels: Int32Array;
  means: MatrixIn<S>; // (C, D) unit rows
  ownClassCosine: Float64Array;
  nearestOther: NearestOtherClass;
  /** How clean each image is, (N), [0, 1]: cleaner ones are drawn more often. */
  weights: Float64Array;
  otherClassWeight: number;
}

const DRAWN = 20_000;

/**
 * Draws the null distributions of the noise score from the set itself: images scored under a class that is not theirs, once
 * as if their own class were not in the set (open), and once with it as the nearest other class (closed).
 */
export function nullScores<S extends Space>(set: ScoredFeatures<S>, random: Random): NullScores {
  const { features, labels, means, ownClassCosine, nearestOther, weights, otherClassWeight } = set;
  const open: number[] = [];
  const closed: number[] = [];
  for (let i = 0; i < DRAWN; i++) {
    const image = random.integer(labels.length);
    const name = random.integer(means.rows);
    if (name === labels[image] || random.uniform() > weights[image]) continue;
    const asOwn = dotRows(features, image, means, name);
    const other = nearestOther.label[image] === name ? nearestOther.secondCosine[image] : nearestOther.cosine[image];
    open.push(noiseScore(asOwn, other, otherClassWeight));
    if (Number.isFinite(ownClassCosine[image]))
      closed.push(noiseScore(asOwn, Math.max(other, ownClassCosine[image]), otherClassWeight));
  }
  return { open: Float64Array.from(open), closed: Float64Array.from(closed) };
}
