import { membersOf } from '../core/groups.js';
import type { Decision } from '../core/records.js';
import type { NearDuplicates } from '../duplicates/near-duplicates.js';
import { MIN_CLASSES } from './estimate-noise.js';

/** Identities of which the images do not say whom the name means, by the reason. */
export interface Unjudged {
  why: string;
  /** How many identities. */
  count: number;
  /** The first of them by name, at most {@link NAMED}. */
  identities: string[];
}

/** Identities that are named for each reason. */
const NAMED = 100;

const reasons = {
  few: `fewer than ${MIN_CLASSES} identities have two photographs or more: there is nobody to compare with`,
  single: 'one photograph: nothing to compare it with',
  twice: 'each of its photographs is also under another name: one of the two names is wrong, or both are one person',
  contradicting: 'no photograph of it is like the others: it is not known which of them shows the person',
};

/**
 * Returns the identities that cannot be judged, and why. That most images of a name show somebody else, who has no other name
 * here, is seen by nobody: whom a name means is taken from its images.
 *
 * @param decisions (N), with p_noise
 * @param labels (N)
 * @param identities label -> name
 * @param reviewAt p_noise below which an image is trusted
 */
export function unjudgedIdentities(
  decisions: readonly Decision[],
  labels: Int32Array,
  identities: readonly string[],
  { copyGroups, faceGroups }: NearDuplicates,
  reviewAt: number,
): Unjudged[] {
  const photographs = identities.map(() => new Set<number>());
  const isTrusted = new Uint8Array(identities.length);
  const isUnique = new Uint8Array(identities.length);
  const severalNames = new Set(
    membersOf(faceGroups).flatMap((members) =>
      members.some((image) => labels[image] !== labels[members[0]]) ? members : [],
    ),
  );
  labels.forEach((label, image) => {
    photographs[label].add(copyGroups[image]);
    if ((decisions[image].pNoise ?? 0) < reviewAt) isTrusted[label] = 1;
    if (!severalNames.has(image)) isUnique[label] = 1;
  });
  const isFew = photographs.filter(({ size }) => size > 1).length < MIN_CLASSES;
  const reasonOf = (label: number): keyof typeof reasons | null => {
    if (photographs[label].size === 0) return null;
    if (!isUnique[label]) return 'twice';
    if (photographs[label].size === 1) return 'single';
    if (isFew) return 'few';
    return isTrusted[label] ? null : 'contradicting';
  };
  const found = identities.map((_, label) => reasonOf(label));
  return (Object.keys(reasons) as (keyof typeof reasons)[]).flatMap((reason) => {
    const names = identities.filter((_, label) => found[label] === reason).sort();
    return names.length === 0 ? [] : [{ why: reasons[reason], count: names.length, identities: names.slice(0, NAMED) }];
  });
}
