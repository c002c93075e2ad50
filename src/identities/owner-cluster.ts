import { dot, type Matrix } from '../core/vectors.js';
import { correctedSimilarity } from './clusters.js';
import type { SimilarityModel } from './similarity-model.js';
import { isProposed, mergeConfidence } from './similarity-posterior.js';
import type { Cluster } from './average-linkage.js';
import { type ClassPrototypes, classPrototypes, meanOf } from './class-prototypes.js';
import type { NamedImages, Clustering } from './cluster-identities.js';

/**
 * Returns whether `group`, found under `label`, is the person of another label, or has more of its images under another: then
 * its images are to be relabelled, and tell nothing of `label`.
 */
export function belongsToOtherIdentity(
  group: Cluster,
  label: number,
  { embeddings, labels, neighbours: { ids, k } }: NamedImages,
  { clusters }: Clustering,
  model: SimilarityModel,
): boolean {
  const near = group.members.flatMap((image) => Array.from(ids.subarray(image * k, (image + 1) * k)));
  const others = new Set(near.filter((image) => image >= 0).map((image) => labels[image]));
  others.delete(label);
  // The group is known to be somebody: the number of identities it could belong to does not lower the confidence.
  const isOwner = (owner: Cluster): boolean =>
    isProposed(mergeConfidence(clusterSimilarity(embeddings, owner, group), { ...model, people: 1 }));
  return [...others].some((other) =>
    clusters[other].some((owner, i) => (i === 0 || owner.members.length > group.members.length) && isOwner(owner)),
  );
}

/** @param embeddings (N, D) unit rows */
export const clusterSimilarity = (embeddings: Matrix, a: Cluster, b: Cluster): number =>
  correctedSimilarity(dot(meanOf(embeddings, a.members), meanOf(embeddings, b.members)), a.within, b.within);

/** A cluster with at least this share of the largest one's images may be the owner. */
const MIN_OWNER_SIZE = 0.5;

/** A clustering in which the owner cluster of each label, the one that its name means, comes first. */
export interface OwnedClustering extends Clustering {
  prototypes: ClassPrototypes;
}

/**
 * Assigns each label its owner cluster: the largest, unless that belongs to another identity and another one of about its
 * size does not.
 */
export function assignOwners(images: NamedImages, clustering: Clustering, model: SimilarityModel): OwnedClustering {
  const clusters = clustering.clusters.map((found, label) => {
    const candidates = found.filter(({ members }) => members.length >= MIN_OWNER_SIZE * found[0].members.length);
    if (candidates.length < 2) return found;
    const owner =
      candidates.find((group) => !belongsToOtherIdentity(group, label, images, clustering, model)) ?? found[0];
    return [owner, ...found.filter((group) => group !== owner)];
  });
  return { ...clustering, clusters, prototypes: classPrototypes(images.embeddings, clusters) };
}
