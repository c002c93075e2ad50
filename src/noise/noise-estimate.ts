import type { MatrixIn, Space } from '../core/spaces.js';
import type { ClassMeans } from './class-means.js';
import type { NearestOtherClass } from './nearest-other-class.js';
import type { Whitening } from './wccn.js';

export interface NoiseRate {
  /** Share of the images that are noise, [0, 1]. */
  estimate: number;
  /** Bounds that hold the true share in about 95 of 100 sets. */
  low: number;
  high: number;
}

/** What is known of every image when the estimate is done. All cosines and means are in the whitened space. */
export interface RefinedEstimate extends ClassMeans<'whitened'> {
  /** Probability that an image is noise, (N), [0, 1]. */
  pNoise: Float64Array;
  /** null where nothing can be measured: every class is one photograph. */
  noiseRate: NoiseRate | null;
  nearestOther: NearestOtherClass;
}

export interface NoiseEstimate extends RefinedEstimate {
  /** Brings other rows of the features' space into the space of the cosines and means. */
  whitening: Whitening;
}

/** What a method knows before whitening: who is clean enough to estimate the whitening from. */
export interface FirstEstimate {
  /** (N), (0, 1], higher = cleaner. */
  weights: Float64Array;
  /** Estimates again on the whitened features. @throws InterruptedError */
  refine(whitened: MatrixIn<'whitened'>, signal?: AbortSignal): Promise<RefinedEstimate>;
}

/** Features of one space and what is made of them in each round. */
export interface ScoredSpace<S extends Space> {
  means: ClassMeans<S>;
  nearestOther: NearestOtherClass;
}

/**
 * The least weight of an image. It is above 0 because a class of noise alone still needs a mean. Images nearer to another
 * class get it whatever their p_noise: where labels were swapped in blocks, the wrong ones would confirm each other.
 */
export const MIN_WEIGHT = 1e-3;

/** Images that a density is fitted on at most. */
const MOST_FITTED = 20_000;

/** Returns all of `rows`, or an even sample of as many as a fit takes. */
export const fittedOf = (rows: readonly number[]): readonly number[] =>
  rows.length <= MOST_FITTED ? rows : rows.filter((_, i) => (i * MOST_FITTED) % rows.length < MOST_FITTED);
