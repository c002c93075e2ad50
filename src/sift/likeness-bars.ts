import { quantile } from '../core/statistics.js';
import { dividedGroup, likenessOf } from './image-groups.js';
import type { ImageGroup } from './link-images.js';
import { coreLikeness, type PersonCores } from './person-cores.js';
import { spreadEvenly } from './spread-evenly.js';

/** Where values lie and how far they scatter, by their quartiles: a tenth of wrong ones hardly moves it. */
export interface Spread {
  middle: number;
  deviation: number;
}

/** How alike one person's images are, and two people's, in this set. */
export interface LikenessBars {
  /** Likeness of the two parts that a person's images fall into, as far apart as they come. */
  onePerson: Spread;
  /** Likeness of each person to the most alike other one. */
  twoPeople: Spread;
  /** Identities with a core: as many chances there are to be wrong. */
  people: number;
}

/** People that are compared to all others. */
const ASKED = 256;
/** Smallest part of a person's images that counts as one: single odd images are no part. */
const PART = 3;
/** No set is so regular that less can be told apart. */
const LEAST_DEVIATION = 0.03;

export function likenessBars(cores: PersonCores): LikenessBars {
  const labels = [...cores.group.keys()].filter((label) => cores.group[label]);
  const divided = labels.flatMap((label) => dividedLikeness(cores.group[label]!));
  const asked = spreadEvenly(cores.means, labels, ASKED);
  const nearest = asked.flatMap((label) => nearestLikeness(cores, labels, label));
  return { onePerson: spreadOf(divided), twoPeople: spreadOf(nearest), people: labels.length };
}

function dividedLikeness(core: ImageGroup): number[] {
  const divided = dividedGroup(core, Math.min(PART, Math.floor(core.members.length / 2)));
  if (!divided) return [];
  const [larger, smaller] = divided.parts;
  if (larger.members.length < 2) return [];
  const within = smaller.members.length > 1 ? smaller.within : larger.within; // one image has no pairs
  return [likenessOf(divided.cosine, larger.within, within)];
}

function nearestLikeness(cores: PersonCores, labels: readonly number[], label: number): number[] {
  let best = -Infinity;
  for (const other of labels) if (other !== label) best = Math.max(best, coreLikeness(cores, label, other));
  return Number.isFinite(best) ? [best] : [];
}

/** Middle and, of the quartile distance, the deviation of a normal spread; NaN for no values. */
function spreadOf(values: readonly number[]): Spread {
  const [lower, middle, upper] = [0.25, 0.5, 0.75].map((share) => quantile(values, share));
  return { middle, deviation: Math.max(LEAST_DEVIATION, (upper - lower) / 1.349) };
}
