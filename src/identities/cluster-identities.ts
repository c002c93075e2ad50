import { mean, median } from '../core/statistics.js';
import { dot, dotRows, type Matrix, rowOf } from '../core/vectors.js';
import type { Neighbours } from '../index/neighbour-index.js';
import { densestHalf, clustersAbove } from './clusters.js';
import { type Cluster, averageLinkage } from './average-linkage.js';
import { meanOf } from './class-prototypes.js';
import { spreadEvenly } from '../core/sample-evenly.js';

/** Images under names. */
export interface NamedImages {
  embeddings: Matrix; // (N, D) unit rows
  labels: Int32Array; // (N), 0 to C - 1
  /** The nearest images of every image, in the order of the images. */
  neighbours: Neighbours;
  /** Images that say nothing of whom a name means: copies of others, and those without a face. */
  isExcluded?: (image: number) => boolean;
}

/** The people under each name, by the images alone. */
export interface Clustering {
  /** Mean cosine from which two clusters of one name are linked: between that of different people and that of one person. */
  threshold: number;
  /** Of each label: clusters of two images and more, the largest first. */
  clusters: Cluster[][];
  /** Of each label: images that counted. */
  counted: number[];
}

/** Images of an identity that are linked; of more, an even sample: (n, n) cosines are held. */
const LINKED = 400;
/** Images whose pairs show how alike different people are. */
const SAMPLED = 1000;
/** Share of the way from different people to one person: people differ less from each other than images of one person do. */
const THRESHOLD_SHARE = 0.4;
/** Identities below this say nothing of how alike images of a person are: a half of them is one image. */
const ENOUGH = 4;

/** Finds the people under each name, by a threshold that the set itself gives. Nothing depends on the order of the images. */
export function clusterIdentities({ embeddings, labels, isExcluded }: NamedImages): Clustering {
  const members = membersOf(labels, isExcluded);
  const trees = members.map((rows) =>
    rows.length === 0 ? null : averageLinkage(embeddings, spreadEvenly(embeddings, rows, LINKED)),
  );
  const threshold = linkThreshold(trees, differentPeopleCosine(embeddings, labels, members));
  const clusters = trees.map((tree, label) =>
    tree ? withRest(embeddings, clustersAbove(tree, threshold, 2), tree, members[label], threshold) : [],
  );
  return { threshold, clusters, counted: members.map(({ length }) => length) };
}

/** Gives images that were not linked, of identities with very many, to the group they are most like from `threshold` on. */
function withRest(
  embeddings: Matrix,
  groups: Cluster[],
  { members: linked }: Cluster,
  members: readonly number[],
  threshold: number,
): Cluster[] {
  if (linked.length === members.length) return groups;
  const done = new Set(linked);
  const means = groups.map((group) => meanOf(embeddings, group.members));
  const joined = groups.map((group) => [...group.members]);
  for (const image of members.filter((one) => !done.has(one))) {
    const cosines = means.map((centre) => dot(centre, rowOf(embeddings, image)));
    const best = cosines.indexOf(Math.max(...cosines));
    if (best >= 0 && cosines[best] >= threshold) joined[best].push(image);
  }
  return groups.map((group, i) => ({ ...group, members: joined[i] }));
}

/** Images of each label. */
function membersOf(labels: Int32Array, isExcluded: NamedImages['isExcluded']): number[][] {
  const identities = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  const members: number[][] = Array.from({ length: identities }, () => []);
  labels.forEach((label, image) => {
    if (!isExcluded?.(image)) members[label].push(image);
  });
  return members;
}

/** Noise does not move it: half of an identity's images, the most alike, are one person's even when many are not. */
function linkThreshold(trees: readonly (Cluster | null)[], different: number): number {
  const people = trees.flatMap((tree) => (tree && tree.members.length >= ENOUGH ? densestHalf(tree).within : []));
  return people.length === 0 ? Infinity : different + THRESHOLD_SHARE * Math.max(0, median(people) - different);
}

/** Mean cosine of images under different names. */
function differentPeopleCosine(embeddings: Matrix, labels: Int32Array, members: readonly number[][]): number {
  const sample = spreadEvenly(embeddings, members.flat(), SAMPLED);
  const cosines = sample.flatMap((a, i) => {
    const others = sample.slice(i + 1).filter((b) => labels[a] !== labels[b]);
    return others.length === 0 ? [] : [mean(others.map((b) => dotRows(embeddings, a, embeddings, b)))];
  });
  return cosines.length === 0 ? 0 : mean(cosines);
}
