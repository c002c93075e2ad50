import type { MatrixIn, Space } from '../core/spaces.js';
import { dotAt, takeRows } from '../core/vectors.js';
import type { IndexSettings } from '../index/neighbour-index.js';
import { findNearestOtherClass } from './nearest-other-class.js';
import { noiseScore, type NullScores } from './null-scores.js';

/** Images that training saw under a wrong label on purpose. */
export interface Planted {
  images: Int32Array; // (P)
  /** The wrong labels, (P). */
  labels: Int32Array;
}

/** Fewest planted images that show how noise scores. */
const FEWEST = 20;

/** Returns the planted images; null where there are too few of them. @param planted (N), -1 = not planted */
export function plantedOf(planted: Int32Array | null): Planted | null {
  const images = Int32Array.from(planted?.keys() ?? []).filter((i) => planted![i] >= 0);
  return images.length < FEWEST ? null : { images, labels: images.map((i) => planted![i]) };
}

/**
 * Computes the noise scores of planted images under their wrong labels: what noise scores after the network learnt what
 * it learnt of it. Closed-set noise has its own person in the set; it is scored as open-set noise by leaving that class out.
 *
 * @param features (N, D) unit rows
 * @param means (C, D) unit rows
 * @param own labels of the images, (N)
 */
export async function plantedScores<S extends Space>(
  features: MatrixIn<S>,
  means: MatrixIn<S>,
  own: Int32Array,
  { images, labels }: Planted,
  otherClassWeight: number,
  search: IndexSettings,
  signal?: AbortSignal,
): Promise<NullScores> {
  const { dimensions } = features;
  const rows = takeRows(features, images);
  const nearest = await findNearestOtherClass(rows, means, labels, search, signal);
  const score = (k: number, other: number): number =>
    noiseScore(
      dotAt(rows.data, k * dimensions, means.data, labels[k] * dimensions, dimensions),
      other,
      otherClassWeight,
    );
  const { label, cosine, secondCosine } = nearest;
  return {
    open: Float64Array.from(images, (i, k) => score(k, label[k] === own[i] ? secondCosine[k] : cosine[k])),
    closed: Float64Array.from(images, (_, k) => score(k, cosine[k])),
  };
}
