import { quantile } from '../core/statistics.js';
import { leaveOneOutMeans } from './class-means.js';
import { isFaint } from './face-presence-prior.js';
import type { MatrixIn, Space } from '../core/spaces.js';
import type { EstimateInput } from './estimate-input.js';

const MIN_AGREEMENT = 0.05;
const PASSES = 4;
/** Quantile of the own cosines that a clean image is sure to reach, with up to half of the set wrong. */
const SURELY_CLEAN = 0.6;
/** Share of that cosine from which an image counts at all. */
const COUNTS_FROM = 0.2;
const MIN_STANDING = 0.02;

/**
 * Computes how clean each image seems before any score: whether it is in the main cluster of its class, whether its
 * neighbours share its label, and its cosine to a class mean in which images near to it weigh more. Neighbours come first:
 * images without a face resemble each other, and in classes with many of them the mean is theirs.
 *
 * @returns weights (N), (0, 1], higher = cleaner
 */
export function initialWeights<S extends Space>(
  features: MatrixIn<S>,
  { labels, identities, agreement, copyGroups, prototypes, faceScores }: EstimateInput,
): Float64Array {
  const inMainCluster = new Uint8Array(labels.length);
  for (const members of prototypes) for (const image of members ?? []) inMainCluster[image] = 1;
  const byNeighbours = Float64Array.from(agreement, (share, i) =>
    !isFaint(faceScores, i) && (inMainCluster[i] === 1 || prototypes[labels[i]] === null)
      ? Math.max(share ?? 1, MIN_AGREEMENT)
      : MIN_AGREEMENT,
  );
  let weights = byNeighbours;
  for (let pass = 0; pass < PASSES; pass++) {
    const { ownClassCosine } = leaveOneOutMeans(features, labels, weights, identities, copyGroups);
    const high = quantile(ownClassCosine.filter(Number.isFinite), SURELY_CLEAN);
    weights = ownClassCosine.map((cosine, i) => {
      const standing = Number.isFinite(cosine) ? (cosine / high - COUNTS_FROM) / (1 - COUNTS_FROM) : 1;
      return Math.min(1, Math.max(standing, MIN_STANDING)) ** 2 * Math.sqrt(byNeighbours[i]);
    });
  }
  return weights;
}
