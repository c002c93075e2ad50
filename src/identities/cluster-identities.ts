import { mean, median } from '../core/statistics.js';
import { dot, dotAt, type Matrix, rowOf } from '../core/vectors.js';
import type { Neighbours } from '../index/neighbour-index.js';
import { densestHalf, groupsAbove } from './image-groups.js';
import { type ImageGroup, linkImages } from './average-linkage.js';
import { meanOf } from './class-prototypes.js';
import { spreadEvenly } from '../core/sample-evenly.js';

/** Images under names. */
export interface NamedImages {
  embeddings: Matrix; // (N, D) unit rows
  labels: Int32Array; // (N), 0 to C - 1
  /** The nearest images of every image, in the order of the images. */
  neighbours: Neighbours;
  /** Images that are no witnesses: copies of others, and those without a face. */
  leftOut?: (image: number) => boolean;
}

/** People as the images show them, whatever the names say. */
export interface Survey {
  /** Mean cosine from which two groups of one name are linked: between that of strangers and that of one person. */
  bar: number;
  /** Of each label: groups of two images or more that are somebody, the largest first. */
  groups: ImageGroup[][];
  /** Of each label: images that counted. */
  counted: number[];
}

/** Images of an identity that are linked; of more, an even sample: (n, n) cosines are held. */
const LINKED = 400;
/** Images whose pairs show how alike strangers are. */
const STRANGERS = 1000;
/** Of the way from strangers to one person: people differ less from each other than images of one person do. */
const BAR_SHARE = 0.4;
/** Identities below this say nothing of how alike images of a person are: a half of them is one image. */
const ENOUGH = 4;

/** Finds the people under each name, by a bar that the set itself gives. Nothing depends on the order of the images. */
export function surveyIdentities({ embeddings, labels, leftOut }: NamedImages): Survey {
  const members = membersOf(labels, leftOut);
  const trees = members.map((rows) =>
    rows.length === 0 ? null : linkImages(embeddings, spreadEvenly(embeddings, rows, LINKED)),
  );
  const bar = personBar(trees, strangerCosine(embeddings, labels, members));
  const groups = trees.map((tree, label) =>
    tree ? withRest(embeddings, groupsAbove(tree, bar, 2), tree, members[label], bar) : [],
  );
  return { bar, groups, counted: members.map(({ length }) => length) };
}

/** Gives images that were not linked, of identities with very many, to the group they are most like from `bar` on. */
function withRest(
  embeddings: Matrix,
  groups: ImageGroup[],
  { members: linked }: ImageGroup,
  members: readonly number[],
  bar: number,
): ImageGroup[] {
  if (linked.length === members.length) return groups;
  const done = new Set(linked);
  const means = groups.map((group) => meanOf(embeddings, group.members));
  const joined = groups.map((group) => [...group.members]);
  for (const image of members.filter((one) => !done.has(one))) {
    const cosines = means.map((centre) => dot(centre, rowOf(embeddings, image)));
    const best = cosines.indexOf(Math.max(...cosines));
    if (best >= 0 && cosines[best] >= bar) joined[best].push(image);
  }
  return groups.map((group, i) => ({ ...group, members: joined[i] }));
}

/** Images of each label. */
function membersOf(labels: Int32Array, leftOut: NamedImages['leftOut']): number[][] {
  const identities = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  const members: number[][] = Array.from({ length: identities }, () => []);
  labels.forEach((label, image) => {
    if (!leftOut?.(image)) members[label].push(image);
  });
  return members;
}

/** Noise does not move it: half of an identity's images, the most alike, are one person's even when many are not. */
function personBar(trees: readonly (ImageGroup | null)[], strangers: number): number {
  const people = trees.flatMap((tree) => (tree && tree.members.length >= ENOUGH ? densestHalf(tree).within : []));
  return people.length === 0 ? Infinity : strangers + BAR_SHARE * Math.max(0, median(people) - strangers);
}

/** Mean cosine of images under different names. */
function strangerCosine(embeddings: Matrix, labels: Int32Array, members: readonly number[][]): number {
  const { data, dimensions } = embeddings;
  const sample = spreadEvenly(embeddings, members.flat(), STRANGERS);
  const cosines = sample.flatMap((a, i) => {
    const others = sample.slice(i + 1).filter((b) => labels[a] !== labels[b]);
    return others.length === 0
      ? []
      : [mean(others.map((b) => dotAt(data, a * dimensions, data, b * dimensions, dimensions)))];
  });
  return cosines.length === 0 ? 0 : mean(cosines);
}
