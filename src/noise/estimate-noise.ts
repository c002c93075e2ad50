import type { MatrixIn } from '../core/spaces.js';
import { weightOfOtherMembers } from './class-means.js';
import { firstFrozenEstimate } from './estimate-frozen.js';
import type { EstimateInput } from './estimate-input.js';
import { firstPlantedEstimate } from './estimate-planted.js';
import { firstTrainedEstimate } from './estimate-trained.js';
import type { NoiseEstimate } from './noise-estimate.js';
import { plantedOf } from './planted-scores.js';
import { cappedByClass, fitWhitening, whiten, whitenInPlace } from './wccn.js';

/** Classes of two photographs and more below which the null distribution of the scores is not known. */
export const MIN_CLASSES = 3;

/**
 * Estimates p_noise of each image on the set itself (docs/calibrated-rule.md): a first estimate in the features' own space,
 * a whitening fitted on the images that it calls clean, and the final estimate in the whitened space.
 *
 * @param features (N, D) unit rows
 * @param overwrite true: whitens the rows of `features` where they lie, which saves a second (N, D) matrix
 * @returns p_noise (N), the noise rate, and what they were computed from
 * @throws InterruptedError if `signal` is aborted
 */
export async function estimateNoise(
  features: MatrixIn<'frozen' | 'trained'>,
  input: EstimateInput,
  overwrite: boolean,
  signal?: AbortSignal,
): Promise<NoiseEstimate> {
  const areComparable = comparableClasses(input) >= MIN_CLASSES;
  const isNullKnown = input.margins === null && areComparable;
  const planted = input.margins && areComparable ? plantedOf(input.planted) : null;
  const first = planted
    ? await firstPlantedEstimate(features, input, planted, signal)
    : await (isNullKnown ? firstFrozenEstimate : firstTrainedEstimate)(features, input, signal);
  const { labels, identities } = input;
  const centreWeights = isNullKnown ? cappedByClass(labels, first.weights) : first.weights;
  const whitening = await fitWhitening(features, labels, first.weights, identities, centreWeights);
  const whitened = await (overwrite ? whitenInPlace : whiten)(whitening, features, input.search.threads);
  const refined = await first.refine(whitened, signal);
  const isMeasured = areComparable || input.margins !== null;
  return { ...refined, noiseRate: isMeasured ? refined.noiseRate : null, whitening };
}

/** Classes of two photographs and more. */
function comparableClasses({ labels, copyGroups }: EstimateInput): number {
  const others = weightOfOtherMembers(labels, new Float64Array(labels.length).fill(1), copyGroups);
  return new Set(labels.filter((_, i) => others[i] > 0.5)).size;
}
