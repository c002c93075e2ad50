import { quantile } from '../core/statistics.js';
import { dividedCluster, correctedSimilarity } from './clusters.js';
import type { Cluster } from './average-linkage.js';
import { prototypeSimilarity, type ClassPrototypes } from './class-prototypes.js';
import { spreadEvenly } from '../core/sample-evenly.js';

/** Where values lie, and how far they scatter to the side that matters. */
export interface Spread {
  middle: number;
  deviation: number;
}

/** How alike one person's images are, and two people's, in this set. */
export interface SimilarityModel {
  /** Similarity of the two children that a person's images fall into, as far apart as they come; its scatter downwards. */
  onePerson: Spread;
  /** Similarity of each person to the most alike other one; its scatter upwards. */
  twoPeople: Spread;
  /** Identities with a prototype: as many chances there are to be wrong. */
  people: number;
}

/** People that are compared to all others. */
const ASKED = 256;
/** Smallest part of a person's images that counts as one: single odd images are no part. */
const PART = 3;
/** Quantiles that show the scatter, and how many deviations off the middle they lie if it is normal. */
const ONE_PERSON = { share: 0.1, deviations: 1.2816 }; // far out: a few people in each set look unlike themselves
const TWO_PEOPLE = { share: 0.75, deviations: 0.6745 }; // close in: beyond may lie people with two names
/** No set is so regular that less can be told apart. */
const LEAST_DEVIATION = 0.03;

export function fitSimilarityModel(prototypes: ClassPrototypes): SimilarityModel {
  const labels = [...prototypes.clusters.keys()].filter((label) => prototypes.clusters[label]);
  const divided = labels.flatMap((label) => dividedSimilarity(prototypes.clusters[label]!));
  const asked = spreadEvenly(prototypes.means, labels, ASKED);
  const nearest = asked.flatMap((label) => nearestSimilarity(prototypes, labels, label));
  return { onePerson: spreadOf(divided, ONE_PERSON), twoPeople: strangersSpread(nearest), people: labels.length };
}

function dividedSimilarity(prototype: Cluster): number[] {
  const divided = dividedCluster(prototype, Math.min(PART, Math.floor(prototype.members.length / 2)));
  if (!divided) return [];
  const [larger, smaller] = divided.children;
  if (larger.members.length < 2) return [];
  const within = smaller.members.length > 1 ? smaller.within : larger.within; // one image has no pairs
  return [correctedSimilarity(divided.cosine, larger.within, within)];
}

function nearestSimilarity(prototypes: ClassPrototypes, labels: readonly number[], label: number): number[] {
  let best = -Infinity;
  for (const other of labels) if (other !== label) best = Math.max(best, prototypeSimilarity(prototypes, label, other));
  return Number.isFinite(best) ? [best] : [];
}

/**
 * Where more than a quarter of the names are somebody's second one, the upper quartile lies among those. The lower half shows
 * the scatter too: the most alike of many strangers scatter upwards up to twice as far as downwards, not further.
 */
function strangersSpread(nearest: readonly number[]): Spread {
  const { middle, deviation } = spreadOf(nearest, TWO_PEOPLE);
  const lower = spreadOf(nearest, { ...TWO_PEOPLE, share: 1 - TWO_PEOPLE.share }).deviation;
  return { middle, deviation: Math.min(deviation, 2 * lower) };
}

/** Middle, and the deviation of a normal spread with the same quantile; NaN for no values. */
function spreadOf(values: readonly number[], { share, deviations }: { share: number; deviations: number }): Spread {
  const middle = quantile(values, 0.5);
  const deviation = Math.abs(quantile(values, share) - middle) / deviations;
  return { middle, deviation: Math.max(LEAST_DEVIATION, deviation) };
}
