import type { Rivals } from './nearest-other-class.js';
import type { IntoSpace } from './wccn.js';
import type { OwnCentres } from './class-means.js';

export interface NoiseRate {
  /** Share of the images that are noise, [0, 1]. */
  estimate: number;
  /** Bounds that the truth lies within in about 95 of 100 sets. */
  low: number;
  high: number;
}

/** What is known of every image after all have been weighed. */
export interface Calibration extends OwnCentres {
  pNoise: Float64Array; // (N), 1 = certainly noise
  /** null where nothing can be measured: every identity is one photograph. */
  noiseRate: NoiseRate | null;
  rivals: Rivals;
  /** The space that the cosines and centres are in. */
  intoSpace: IntoSpace;
}

/**
 * Nobody's weight is nothing: an identity of noise alone still has a centre. An image that is nearer to somebody else is no
 * witness, whatever its p_noise: where labels were swapped in blocks, the wrong ones would vouch for each other.
 */
export const FAINTEST = 1e-3;

/** Images that a fit is made on at most. */
const MOST_FITTED = 20_000;

/** All of `rows`, or as many as a fit takes, evenly spread. */
export const fittedOf = (rows: readonly number[]): readonly number[] =>
  rows.length <= MOST_FITTED ? rows : rows.filter((_, i) => (i * MOST_FITTED) % rows.length < MOST_FITTED);
