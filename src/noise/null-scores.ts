import type { Random } from '../core/random.js';
import { dotAt, type Matrix } from '../core/vectors.js';
import type { Rivals } from './nearest-other-class.js';

/** How little an image is like its own identity, set against `rivalShare` of the best other one: higher is noisier. */
export const scoreOf = (cosOwn: number, rivalCos: number, rivalShare: number): number =>
  rivalShare * Math.max(rivalCos, -1) - cosOwn;

/** The scores that noise would have in this set. */
export interface NoiseScores {
  /** Of people who are nobody's in the set (open-set noise). */
  open: Float64Array;
  /** Of people of the set under another's name (closed-set noise). */
  closed: Float64Array;
}

export interface ScoredSet {
  vectors: Matrix; // (N, D) unit rows
  labels: Int32Array;
  centres: Matrix; // (C, D) unit rows
  cosOwn: Float64Array;
  rivals: Rivals;
  /** How clean each image is, [0, 1]: cleaner ones are drawn more often. */
  weights: Float64Array;
  rivalShare: number;
}

const DRAWN = 20_000;

/**
 * What noise looks like, known from the set itself: images drawn from it and scored as if they stood under a name that
 * is not theirs, once as if their own identity were not in the set and once with it as their rival.
 */
export function scoresAsIfNoise(set: ScoredSet, random: Random): NoiseScores {
  const { vectors, labels, centres, cosOwn, rivals, weights, rivalShare } = set;
  const { dimensions } = vectors;
  const open: number[] = [];
  const closed: number[] = [];
  for (let i = 0; i < DRAWN; i++) {
    const image = random.integer(labels.length);
    const name = random.integer(centres.rows);
    if (name === labels[image] || random.uniform() > weights[image]) continue;
    const asOwn = dotAt(vectors.data, image * dimensions, centres.data, name * dimensions, dimensions);
    const rival = rivals.label[image] === name ? rivals.secondCosine[image] : rivals.cosine[image];
    open.push(scoreOf(asOwn, rival, rivalShare));
    if (Number.isFinite(cosOwn[image])) closed.push(scoreOf(asOwn, Math.max(rival, cosOwn[image]), rivalShare));
  }
  return { open: Float64Array.from(open), closed: Float64Array.from(closed) };
}
