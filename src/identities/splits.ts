import { median } from '../core/statistics.js';
import type { Neighbours } from '../index/neighbour-index.js';
import { clusterSimilarity, belongsToOtherIdentity } from './owner-cluster.js';
import { type AlikePair, alikePairs } from './closest-pairs.js';
import type { Cluster } from './average-linkage.js';
import type { SimilarityModel } from './similarity-model.js';
import { splitConfidence } from './similarity-posterior.js';
import type { NamedImages, Clustering } from './cluster-identities.js';

/** A label that seems to be several people. */
export interface SplitLabel {
  label: number;
  /** [0, 1]; proposed from {@link PROPOSED_FROM}. Of several second people, the surest. */
  confidence: number;
  /** Its people, the largest first; images of nobody in particular are in none. */
  groups: SplitGroup[];
  /** The most alike pairs of an image of the first group and one of another, row numbers. */
  examples: AlikePair[];
  /** Whether a person answered it. */
  answered?: boolean;
}

export interface SplitGroup {
  /** Row numbers. */
  images: number[];
  /** To the first group, about 1 for one person; 1 for itself. */
  similarity: number;
  /** That it is somebody else than the first group; 1 for itself. */
  confidence: number;
}

/** Images from which a group is a person: a stranger whom a crawl found twice is noise. */
const LEAST = 3;
/** On centre crops 7 of 8 wrong second people had .58 to .82, and all of 56 right ones .85 and more (docs/benchmarks.md). */
export const PROPOSED_FROM = 0.85;
/** Share of a group's nearest images that are its own, against what is usual for the set's people. */
const OWN_NEIGHBOUR_SHARE = 0.35;

/** Scores the second clusters of each label and returns the labels that seem to be two people or more, the surest first. */
export function scoreSplits(images: NamedImages, clustering: Clustering, model: SimilarityModel): SplitLabel[] {
  const { embeddings, neighbours } = images;
  const ownShare = (group: Cluster): number => ownNeighbourShare(group, neighbours);
  const usual = median(
    clustering.clusters.flatMap(([prototype]) =>
      prototype && prototype.members.length >= LEAST ? ownShare(prototype) : [],
    ),
  );
  const isSomebody = (group: Cluster, label: number): boolean =>
    group.members.length >= LEAST &&
    ownShare(group) >= OWN_NEIGHBOUR_SHARE * usual &&
    !belongsToOtherIdentity(group, label, images, clustering, model);
  return clustering.clusters
    .flatMap(([first, ...others], label) => {
      if (!first || first.members.length < LEAST) return [];
      const seconds = others
        .map((group) => ({ group, similarity: clusterSimilarity(embeddings, first, group) }))
        .map((second) => ({ ...second, confidence: splitConfidence(second.similarity, model) }))
        .filter(({ confidence, group }) => confidence >= PROPOSED_FROM && isSomebody(group, label));
      if (seconds.length === 0) return [];
      const confidence = Math.max(...seconds.map((second) => second.confidence));
      const people = [{ group: first, similarity: 1, confidence: 1 }, ...seconds];
      return {
        label,
        confidence,
        groups: people.map(({ group, ...rest }) => ({ images: [...group.members], ...rest })),
        examples: alikePairs(
          embeddings,
          first.members,
          seconds.flatMap(({ group }) => [...group.members]),
        ),
      };
    })
    .sort((p, q) => q.confidence - p.confidence);
}

/**
 * Share of the nearest images of a group's images that are of the group, out of as many as could. Images without a face
 * have their like under all names.
 */
function ownNeighbourShare({ members }: Cluster, { ids, k }: Neighbours): number {
  const own = new Set(members);
  const asked = Math.min(k, members.length - 1);
  let found = 0;
  for (const image of members) for (let j = 0; j < asked; j++) if (own.has(ids[image * k + j])) found++;
  return found / (asked * members.length);
}
