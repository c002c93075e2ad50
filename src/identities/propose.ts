import { type Features, type Labels, namedLabels, unitFeatures } from '../core/labelled-features.js';
import { inSpace } from '../core/spaces.js';
import { findNeighbours, type GivenNeighbourOptions, neighbourOptions } from '../index/find-neighbours.js';
import { classPrototypes } from './class-prototypes.js';
import { clusterIdentities, type NamedImages } from './cluster-identities.js';
import type { LabelProposals } from './label-proposals.js';
import { scorePairs } from './merges.js';
import { assignOwners } from './owner-cluster.js';
import { fitSimilarityModel } from './similarity-model.js';
import { scoreSplits } from './splits.js';

/** Features and the identity that each is labelled as. */
export interface IdentityInput {
  /** (N, D), of any length. */
  features: Features;
  /** (N), the identity of each row. */
  labels: Labels;
  /** (C), the name of each class; required where `labels` are numbers. */
  identities?: readonly string[];
  /** (N), true for images that say nothing of whom a name means: copies of others, and those without a face. */
  excluded?: readonly boolean[];
}

/** Proposals by label, and the name of each label. */
export interface ProposedIdentities extends LabelProposals {
  identities: readonly string[];
}

/**
 * Proposes which identities are one person under two names (merges), and which hold two people and more (splits).
 * Thresholds come from the set itself; neither the order of the images nor the names matter. Clusters are found by average
 * linkage (Sokal & Michener 1958), similarities are corrected for attenuation (Spearman 1904), and confidences are local
 * false discovery rates (Efron 2004). Takes n*n steps for an identity of n images (at most 400 are linked).
 *
 * @param input features (N, D) and labels (N)
 * @param options how the neighbours are searched
 * @returns merges and splits in labels and row numbers, the surest first, with confidences in [0, 1]
 * @throws FeatureError if counts differ, a number is not finite, or a row is all zeros
 * @throws RecallError if an approximate index misses too many neighbours
 * @example
 * import { proposeIdentities } from 'facesieve';
 *
 * const { merges, identities } = await proposeIdentities({ features, labels });
 * const onePerson = merges.map(({ a, b, confidence }) => [identities[a], identities[b], confidence]);
 */
export async function proposeIdentities(
  { features, labels, identities, excluded }: IdentityInput,
  options: GivenNeighbourOptions = {},
): Promise<ProposedIdentities> {
  const { matrix } = unitFeatures(features);
  const named = namedLabels(labels, matrix.rows, identities);
  const { near } = await findNeighbours(inSpace('frozen', matrix), named.labels, neighbourOptions(options));
  const isExcluded = (image: number): boolean => excluded?.[image] ?? false;
  return {
    ...proposalsOf({ embeddings: matrix, labels: named.labels, neighbours: near, isExcluded }),
    identities: named.identities,
  };
}

/** Returns the proposals for images whose neighbours are known. */
export function proposalsOf(images: NamedImages): LabelProposals {
  const clustering = clusterIdentities(images);
  const model = fitSimilarityModel(classPrototypes(images.embeddings, clustering.clusters));
  const owned = assignOwners(images, clustering, model);
  return {
    merges: scorePairs(images, owned, model),
    splits: scoreSplits(images, owned, model),
    prototypes: owned.prototypes.clusters.map((cluster) => cluster?.members ?? null),
  };
}
