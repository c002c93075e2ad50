import { randomOf } from '../core/random.js';
import { inSpace, type MatrixIn, type Space } from '../core/spaces.js';
import { dotRows, takeRows } from '../core/vectors.js';
import type { ClassMeans } from './class-means.js';
import type { EstimateInput } from './estimate-input.js';
import { findNearestOtherClass } from './nearest-other-class.js';
import { noiseScore, type NullScores } from './null-scores.js';

/** Images that training saw under a wrong label on purpose. */
export interface Planted {
  images: Int32Array; // (P)
  /** The wrong labels, (P). */
  labels: Int32Array;
}

/** Fewest planted images that have a spread. Training plants more, or none; some may have been forgotten since. */
const FEWEST = 2;
/** Other names that each planted image is scored under. */
const NAMES_EACH = 30;

/** Returns the planted images; null where there are too few of them. @param planted (N), -1 = not planted */
export function plantedOf(planted: Int32Array | null): Planted | null {
  const images = Int32Array.from(planted?.keys() ?? []).filter((i) => planted![i] >= 0);
  return images.length < FEWEST ? null : { images, labels: images.map((i) => planted![i]) };
}

export interface PlantedScores {
  /** Under their wrong labels: what noise scores after the network learnt what it learnt of it. */
  wrong: NullScores;
  /** Under their own labels, of which training never saw that they are theirs, (P). */
  own: Float64Array;
  /** The nearest class that is neither their own nor the wrong one, and its cosine, (P). */
  other: { label: Int32Array; cosine: Float32Array };
  /** Under names drawn at random: what noise scores that training did not see. */
  drawn: NullScores;
}

/**
 * Computes the noise scores of planted images. Closed-set noise has its own person in the set; it is scored as open-set noise
 * by leaving that class out.
 *
 * @param features (N, D) unit rows @param means of which no planted image is a part, (C, D) unit rows
 * @throws InterruptedError if `signal` is aborted
 */
export async function plantedScores<S extends Space>(
  features: MatrixIn<S>,
  { means, ownClassCosine }: ClassMeans<S>,
  { labels: own, seed, search }: EstimateInput,
  { images, labels }: Planted,
  otherClassWeight: number,
  signal?: AbortSignal,
): Promise<PlantedScores> {
  const rows = inSpace(features.space, takeRows(features, images));
  const cosineTo = (k: number, label: number): number => dotRows(rows, k, means, label);
  const score = (k: number, label: number, other: number): number =>
    noiseScore(cosineTo(k, label), other, otherClassWeight);
  const ownOf = images.map((i) => own[i]);
  const near = await findNearestOtherClass(rows, means, labels, search, signal);
  const beside = await findNearestOtherClass(rows, means, ownOf, search, signal);
  /** The nearest class but the image's own and the wrong one. */
  const third = images.map((_, k) => Number(beside.label[k] === labels[k]));
  const other = {
    label: third.map((second, k) => (second ? beside.secondLabel[k] : beside.label[k])),
    cosine: Float32Array.from(third, (second, k) => (second ? beside.secondCosine[k] : beside.cosine[k])),
  };
  const random = randomOf(seed, 'planted-names');
  const drawn = Array.from({ length: NAMES_EACH * images.length }, (_, d) => {
    const k = d % images.length;
    return { k, name: random.integer(means.rows) };
  }).filter(({ k, name }) => name !== ownOf[k] && name !== labels[k] && name !== other.label[k]);
  return {
    wrong: {
      open: Float64Array.from(images, (_, k) =>
        score(k, labels[k], near.label[k] === ownOf[k] ? near.secondCosine[k] : near.cosine[k]),
      ),
      closed: Float64Array.from(images, (_, k) => score(k, labels[k], near.cosine[k])),
    },
    own: Float64Array.from(images, (i, k) => noiseScore(ownClassCosine[i], other.cosine[k], otherClassWeight)),
    other,
    drawn: {
      open: Float64Array.from(drawn, ({ k, name }) => score(k, name, other.cosine[k])),
      closed: Float64Array.from(drawn, ({ k, name }) =>
        score(k, name, Math.max(other.cosine[k], ownClassCosine[images[k]])),
      ),
    },
  };
}
