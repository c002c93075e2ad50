import { dotAt, type Matrix } from '../core/vectors.js';
import type { Neighbours } from '../index/neighbour-index.js';
import { type AlikePair, pairsAcross } from './closest-pairs.js';
import type { ImageGroup } from './average-linkage.js';
import type { LikenessBars } from './similarity-model.js';
import { isProposed, mergeConfidence } from './similarity-posterior.js';
import { coreLikeness, type PersonCores } from './class-prototypes.js';
import type { NamedImages, Survey } from './cluster-identities.js';

/** Two labels that seem to be one person. */
export interface MergePair {
  a: number; // the one with more images, then the lower
  b: number;
  /** [0, 1]; proposed from 0.5. */
  confidence: number;
  /** Cosine of the two cores' centres, [-1, 1]. */
  cosine: number;
  /** The same in units of how alike the images of each are: about 1 for one person. */
  likeness: number;
  /** Share of the pairs of an image of the one and an image of the other that lie above the set's bar, [0, 1]. */
  pairsAbove: number;
  /** The most alike such pairs, row numbers. */
  examples: AlikePair[];
  /** Row numbers of the images of `a` and of `b` that the names mean. */
  cores: [readonly number[], readonly number[]];
  /** Whether a person answered it. */
  answered?: boolean;
}

/** Other identities an identity is compared to: those whose images are found beside its own most often. */
const CANDIDATES = 5;
/** A core must be most of its identity: a handful of somebody else's images is to be relabelled, not merged. */
const CORE_SHARE = 0.5;
const EXAMPLES = 3;

/** Pairs of labels that are one person under two names, the surest first. */
export function mergePairs(images: NamedImages, survey: Survey, cores: PersonCores, bars: LikenessBars): MergePair[] {
  const isClear = (label: number): boolean =>
    (cores.group[label]?.members.length ?? 0) >= CORE_SHARE * survey.counted[label];
  return candidatePairs(images, cores)
    .filter(([a, b]) => isClear(a) && isClear(b))
    .flatMap(([a, b]) => {
      const likeness = coreLikeness(cores, a, b);
      const confidence = mergeConfidence(likeness, bars);
      if (!isProposed(confidence)) return [];
      return { ...inOrder(a, b, survey.counted), confidence, likeness };
    })
    .map(
      (pair) =>
        ({
          ...pair,
          cores: [cores.group[pair.a]!.members, cores.group[pair.b]!.members],
          ...compare(images.embeddings, cores, pair, survey.bar),
        }) satisfies MergePair,
    )
    .sort((p, q) => q.confidence - p.confidence || q.likeness - p.likeness);
}

const inOrder = (a: number, b: number, sizes: readonly number[]): { a: number; b: number } =>
  sizes[a] > sizes[b] || (sizes[a] === sizes[b] && a < b) ? { a, b } : { a: b, b: a };

/** Pairs whose cores' images are neighbours. */
function candidatePairs({ labels, neighbours }: NamedImages, { group }: PersonCores): [number, number][] {
  const pairs = new Map<number, [number, number]>();
  group.forEach((core, label) => {
    if (!core) return;
    for (const other of mostFound(core, label, labels, neighbours)) {
      const pair: [number, number] = label < other ? [label, other] : [other, label];
      pairs.set(pair[0] * group.length + pair[1], pair);
    }
  });
  return [...pairs.values()];
}

function mostFound({ members }: ImageGroup, label: number, labels: Int32Array, { ids, cosines, k }: Neighbours) {
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

/** What a person wants to see before joining two names. */
function compare(
  embeddings: Matrix,
  { group, means }: PersonCores,
  { a, b }: { a: number; b: number },
  bar: number,
): Pick<MergePair, 'cosine' | 'pairsAbove' | 'examples'> {
  const pairs = pairsAcross(embeddings, group[a]!.members, group[b]!.members);
  const { dimensions } = means;
  const lengths = [a, b].map((label) =>
    Math.hypot(...means.data.subarray(label * dimensions, (label + 1) * dimensions)),
  );
  const product = dotAt(means.data, a * dimensions, means.data, b * dimensions, dimensions);
  return {
    cosine: product / (lengths[0] * lengths[1]),
    pairsAbove: pairs.filter(({ cosine }) => cosine >= bar).length / pairs.length,
    examples: pairs.slice(0, EXAMPLES),
  };
}
