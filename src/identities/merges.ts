import { dotRows, type Matrix, rowOf } from '../core/vectors.js';
import type { Neighbours } from '../index/neighbour-index.js';
import { type AlikePair, pairsAcross } from './closest-pairs.js';
import type { Cluster } from './average-linkage.js';
import type { SimilarityModel } from './similarity-model.js';
import { isProposed, mergeConfidence } from './similarity-posterior.js';
import { prototypeSimilarity, type ClassPrototypes } from './class-prototypes.js';
import type { NamedImages } from './cluster-identities.js';
import type { OwnedClustering } from './owner-cluster.js';

/** Two labels that seem to be one person. */
export interface MergePair {
  a: number; // the one with more images, then the lower
  b: number;
  /** [0, 1]; proposed from 0.5. */
  confidence: number;
  /** Cosine of the two prototypes' centres, [-1, 1]. */
  cosine: number;
  /** The same in units of how alike the images of each are: about 1 for one person. */
  similarity: number;
  /** Share of the pairs of an image of the one and an image of the other that lie above the set's threshold, [0, 1]. */
  pairsAbove: number;
  /** The most alike such pairs, row numbers. */
  examples: AlikePair[];
  /** Row numbers of the images of `a` and of `b` that the names mean. */
  prototypes: [readonly number[], readonly number[]];
  /** Whether a person answered it. */
  answered?: boolean;
}

/** Other identities an identity is compared to: those whose images are found beside its own most often. */
const CANDIDATES = 5;
/** A prototype must be most of its identity: a handful of somebody else's images is to be relabelled, not merged. */
const PROTOTYPE_SHARE = 0.5;
const EXAMPLES = 3;

/** Scores pairs of labels and returns those that seem to be one person under two names, the surest first. */
export function scorePairs(images: NamedImages, owned: OwnedClustering, model: SimilarityModel): MergePair[] {
  const { prototypes } = owned;
  const isClear = (label: number): boolean =>
    (prototypes.clusters[label]?.members.length ?? 0) >= PROTOTYPE_SHARE * owned.counted[label];
  return candidatePairs(images, prototypes)
    .filter(([a, b]) => isClear(a) && isClear(b))
    .flatMap(([a, b]) => {
      const similarity = prototypeSimilarity(prototypes, a, b);
      const confidence = mergeConfidence(similarity, model);
      if (!isProposed(confidence)) return [];
      return { ...inOrder(a, b, owned.counted), confidence, similarity };
    })
    .map(
      (pair) =>
        ({
          ...pair,
          prototypes: [prototypes.clusters[pair.a]!.members, prototypes.clusters[pair.b]!.members],
          ...compare(images.embeddings, prototypes, pair, owned.threshold),
        }) satisfies MergePair,
    )
    .sort((p, q) => q.confidence - p.confidence || q.similarity - p.similarity);
}

const inOrder = (a: number, b: number, sizes: readonly number[]): { a: number; b: number } =>
  sizes[a] > sizes[b] || (sizes[a] === sizes[b] && a < b) ? { a, b } : { a: b, b: a };

/** Pairs whose prototypes' images are neighbours. */
function candidatePairs({ labels, neighbours }: NamedImages, { clusters }: ClassPrototypes): [number, number][] {
  const pairs = new Map<number, [number, number]>();
  clusters.forEach((prototype, label) => {
    if (!prototype) return;
    for (const other of mostFound(prototype, label, labels, neighbours)) {
      const pair: [number, number] = label < other ? [label, other] : [other, label];
      pairs.set(pair[0] * clusters.length + pair[1], pair);
    }
  });
  return [...pairs.values()];
}

function mostFound({ members }: Cluster, label: number, labels: Int32Array, { ids, cosines, k }: Neighbours) {
  const found = new Map<number, number>();
  for (const image of members)
    for (let at = image * k; at < (image + 1) * k; at++) {
      const other = ids[at] < 0 ? label : labels[ids[at]];
      if (other !== label) found.set(other, (found.get(other) ?? 0) + Math.max(0, cosines[at]));
    }
  return [...found]
    .sort(([, p], [, q]) => q - p)
    .slice(0, CANDIDATES)
    .map(([other]) => other);
}

/** Returns what a person wants to see before joining two names. */
function compare(
  embeddings: Matrix,
  { clusters, means }: ClassPrototypes,
  { a, b }: { a: number; b: number },
  threshold: number,
): Pick<MergePair, 'cosine' | 'pairsAbove' | 'examples'> {
  const pairs = pairsAcross(embeddings, clusters[a]!.members, clusters[b]!.members);
  const lengths = [a, b].map((label) => Math.hypot(...rowOf(means, label)));
  const product = dotRows(means, a, means, b);
  return {
    cosine: product / (lengths[0] * lengths[1]),
    pairsAbove: pairs.filter(({ cosine }) => cosine >= threshold).length / pairs.length,
    examples: pairs.slice(0, EXAMPLES),
  };
}
