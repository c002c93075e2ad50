import { quantile } from '../core/statistics.js';
import { ownCentres } from './class-means.js';
import { isFaint } from './face-presence-prior.js';
import type { CalibrationInput } from './estimate-input.js';

const LEAST_AGREEMENT = 0.05;
const PASSES = 4;
/** Quantile of the own cosines that a clean image is sure to reach, with up to half of the set wrong. */
const SURELY_CLEAN = 0.6;
/** Share of that cosine from which an image counts at all. */
const COUNTS_FROM = 0.2;
const LEAST = 0.02;

/**
 * How clean each image is at first glance, (0, 1]: whether it is of the people whom the name means, whether its neighbours
 * share its label, and how it stands to a centre of its identity in which those count for more who stand well. Neighbours
 * come first: images without a face are
 * like each other, and under names with many of them the mean is theirs.
 */
export function startingWeights({
  vectors,
  labels,
  identities,
  agreement,
  copyGroups,
  cores,
  faceScores,
}: CalibrationInput): Float64Array {
  const meant = new Set(cores.flatMap((core) => core ?? []));
  const vouched = Float64Array.from(agreement, (share, i) =>
    !isFaint(faceScores, i) && (meant.has(i) || cores[labels[i]] === null)
      ? Math.max(share ?? 1, LEAST_AGREEMENT)
      : LEAST_AGREEMENT,
  );
  let weights = vouched;
  for (let pass = 0; pass < PASSES; pass++) {
    const { cosOwn } = ownCentres(vectors, labels, weights, identities, copyGroups);
    const high = quantile(cosOwn.filter(Number.isFinite), SURELY_CLEAN);
    weights = cosOwn.map((cosine, i) => {
      const standing = Number.isFinite(cosine) ? (cosine / high - COUNTS_FROM) / (1 - COUNTS_FROM) : 1;
      return Math.min(1, Math.max(standing, LEAST)) ** 2 * Math.sqrt(vouched[i]);
    });
  }
  return weights;
}
