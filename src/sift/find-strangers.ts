import { dot, type Matrix } from '../core/vectors.js';
import { groupsAbove, likenessOf } from './image-groups.js';
import type { LikenessBars } from './likeness-bars.js';
import { isProposed, mergeConfidence } from './likeness-odds.js';
import { type ImageGroup, linkImages } from './link-images.js';
import { meanOf, type PersonCores } from './person-cores.js';
import { spreadEvenly } from './spread-evenly.js';
import type { Survey } from './survey-identities.js';

/** Images of one unknown person. */
export interface StrangerCluster {
  /** Row numbers. */
  images: readonly number[];
  /** Mean cosine over the pairs between the two parts it was linked of last. */
  cosine: number;
  /** That all of it is one person, [0, 1]. */
  confidence: number;
}

/** A cluster that is a person who has a name already. */
export interface KnownCluster extends StrangerCluster {
  label: number;
}

/** What the set knows of the people who have names. */
export interface KnownPeople {
  survey: Pick<Survey, 'strangers' | 'onePerson'>;
  cores: PersonCores;
  bars: LikenessBars;
}

/** Images that are linked at once: (n, n) cosines are held. Of more, an even sample. */
const LINKED = 3000;
/** Of the way from strangers to one person: higher than within a name, where most images are one person's. */
const BAR_SHARE = 0.6;

/**
 * Finds people among images that belong to no name (`rows` of `embeddings`, (N, D) unit rows): groups of `least` images and
 * more whose images are as alike as one person's. Takes n*n steps for n rows. Neither order nor names matter.
 */
export function findStrangers(
  embeddings: Matrix,
  rows: readonly number[],
  { survey, cores, bars }: KnownPeople,
  least: number,
): { unknown: StrangerCluster[]; known: KnownCluster[] } {
  const { strangers, onePerson } = survey;
  if (rows.length === 0 || Number.isNaN(onePerson)) return { unknown: [], known: [] };
  const bar = strangers + BAR_SHARE * Math.max(0, onePerson - strangers);
  const tree = linkImages(embeddings, spreadEvenly(embeddings, rows, LINKED));
  const clusters = groupsAbove(tree, bar, least).map((group) => ({ group, ...described(group) }));
  const unknown: StrangerCluster[] = [];
  const known: KnownCluster[] = [];
  for (const { group, ...cluster } of clusters) {
    const label = whoIs(embeddings, group, cores, bars);
    if (label === undefined) unknown.push(cluster);
    else known.push({ ...cluster, label });
  }
  return { unknown, known };

  function described({ members, cosine }: ImageGroup): StrangerCluster {
    const likeness = (cosine - strangers) / Math.max(1e-6, onePerson - strangers);
    return { images: members, cosine, confidence: mergeConfidence(likeness, { ...bars, people: rows.length }) };
  }
}

/** The label that a group is most likely about, if it is about one. */
function whoIs(
  embeddings: Matrix,
  group: ImageGroup,
  { group: cores, means }: PersonCores,
  bars: LikenessBars,
): number | undefined {
  const mean = meanOf(embeddings, group.members);
  let best = { label: -1, likeness: -Infinity };
  cores.forEach((core, label) => {
    if (!core) return;
    const at = label * means.dimensions;
    const likeness = likenessOf(dot(mean, means.data.subarray(at, at + means.dimensions)), group.within, core.within);
    if (likeness > best.likeness) best = { label, likeness };
  });
  // The nearest of all is asked, and one chance in as many people as there are would be too strict: see livesElsewhere.
  return isProposed(mergeConfidence(best.likeness, { ...bars, people: 1 })) ? best.label : undefined;
}
