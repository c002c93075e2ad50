import { median, quantile, standardDeviation, mean } from '../core/statistics.js';
import { dot, dotRows, type Matrix, rowOf } from '../core/vectors.js';
import { dividedCluster, correctedSimilarity } from './clusters.js';
import type { SimilarityModel, Spread } from './similarity-model.js';
import { isProposed, mergeConfidence, shareBelow } from './similarity-posterior.js';
import { type Cluster, averageLinkage } from './average-linkage.js';
import { meanOf, type ClassPrototypes } from './class-prototypes.js';
import { spreadEvenly } from '../core/sample-evenly.js';

/** Images of one unknown person. */
export interface StrangerCluster {
  /** Row numbers. */
  images: readonly number[];
  /** That all of it is one person, [0, 1]. */
  confidence: number;
}

/** A cluster that is a person who has a name already. */
export interface KnownCluster extends StrangerCluster {
  label: number;
}

/** Images that are linked at once: (n, n) cosines are held. Of more, an even sample. */
const LINKED = 3000;
/** Pairs between two groups that count as independent: the images of a group resemble each other. */
const INDEPENDENT = 4;
/** Clean images, of different people, whose pairs show how alike strangers are. */
const ASKED = 500;
/** People with fewer images do not show how far apart two children of a person lie. */
const ENOUGH = 4;
/** Smallest part of a person's images that counts as one: single odd images are no part. */
const PART = 3;

/**
 * Finds people among images that belong to no name (`rows` of `embeddings`, (N, D) unit rows): groups of `least` images and
 * more whose images are as alike as one person's, by what the people with names show. Takes n*n steps for n rows. Neither
 * order nor names matter. Of more rows than `linked`, an even sample of so many is looked at; `looked` says how many.
 */
export function findStrangers(
  embeddings: Matrix,
  rows: readonly number[],
  prototypes: ClassPrototypes,
  model: SimilarityModel,
  least: number,
  linked = LINKED,
): { unknown: StrangerCluster[]; known: KnownCluster[]; looked: number } {
  const links = linkSpreads(embeddings, prototypes);
  if (rows.length === 0 || links === null) return { unknown: [], known: [], looked: rows.length };
  const sample = spreadEvenly(embeddings, rows, linked);
  const tree = averageLinkage(embeddings, sample);
  const unknown: StrangerCluster[] = [];
  const known: KnownCluster[] = [];
  for (const group of peopleOf(tree, (one) => isProposed(linkConfidence(one, links, rows.length)), least)) {
    const cluster = { images: group.members, confidence: linkConfidence(group, links, rows.length) };
    const label = knownIdentityOf(embeddings, group, prototypes, model);
    if (label === undefined) unknown.push(cluster);
    else known.push({ ...cluster, label });
  }
  return { unknown, known, looked: sample.length };
}

/** The largest groups of a tree that are one person, of `least` images and more. */
function peopleOf(tree: Cluster, isOne: (group: Cluster) => boolean, least: number): Cluster[] {
  if (tree.members.length < least || !tree.children) return [];
  return isOne(tree) ? [tree] : tree.children.flatMap((part) => peopleOf(part, isOne, least));
}

/** Mean cosines between two groups: of children of one person, and of pairs of images of two people. */
interface LinkSpreads {
  onePerson: Spread;
  twoPeople: Spread;
}

/** Null where too few people have enough images to tell. */
function linkSpreads(embeddings: Matrix, { clusters }: ClassPrototypes): LinkSpreads | null {
  const people = clusters.filter(
    (prototype): prototype is Cluster => prototype !== null && prototype.members.length >= ENOUGH,
  );
  const divided = people.flatMap(
    (prototype) => dividedCluster(prototype, Math.min(PART, Math.floor(prototype.members.length / 2)))?.cosine ?? [],
  );
  if (divided.length < 2 || people.length < 2) return null;
  const middle = median(divided);
  const cosines = strangerCosines(embeddings, people);
  return {
    onePerson: { middle, deviation: Math.max(0.01, (middle - quantile(divided, 0.1)) / 1.2816) },
    twoPeople: { middle: mean(cosines), deviation: Math.max(0.01, standardDeviation(cosines)) },
  };
}

/** Cosines of images of different people. */
function strangerCosines(embeddings: Matrix, people: readonly Cluster[]): number[] {
  const each = Math.max(1, Math.floor(ASKED / people.length));
  const asked = people
    .slice(0, ASKED)
    .map(({ members }) => members.filter((_, i) => i % Math.ceil(members.length / each) === 0));
  return asked.flatMap((members, i) =>
    asked
      .slice(i + 1)
      .flatMap((others) => members.flatMap((a) => others.map((b) => dotRows(embeddings, a, embeddings, b)))),
  );
}

/**
 * That the two children a group was linked of are one person, [0, 1], as {@link mergeConfidence} computes it: every image is one more chance
 * that a stranger comes as near.
 */
function linkConfidence({ cosine, children }: Cluster, { onePerson, twoPeople }: LinkSpreads, images: number): number {
  if (!children) return 1;
  const pairs = Math.min(INDEPENDENT, children[0].members.length * children[1].members.length);
  const strangers = { middle: twoPeople.middle, deviation: twoPeople.deviation / Math.sqrt(pairs) };
  const right = shareBelow(cosine, onePerson);
  return right > 0 ? right / (right + images * (1 - shareBelow(cosine, strangers))) : 0;
}

/** The label that a group is most likely about, if it is about one. */
function knownIdentityOf(
  embeddings: Matrix,
  group: Cluster,
  { clusters, means }: ClassPrototypes,
  model: SimilarityModel,
): number | undefined {
  const centre = meanOf(embeddings, group.members);
  let best = { label: -1, similarity: -Infinity };
  clusters.forEach((prototype, label) => {
    if (!prototype) return;
    const similarity = correctedSimilarity(dot(centre, rowOf(means, label)), group.within, prototype.within);
    if (similarity > best.similarity) best = { label, similarity };
  });
  // The nearest of all is asked; a chance to be wrong for each of them would be too strict: see belongsToOtherIdentity.
  return isProposed(mergeConfidence(best.similarity, { ...model, people: 1 })) ? best.label : undefined;
}
