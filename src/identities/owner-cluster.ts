import { dot, type Matrix } from '../core/vectors.js';
import { likenessOf } from './image-groups.js';
import type { LikenessBars } from './similarity-model.js';
import { isProposed, mergeConfidence } from './similarity-posterior.js';
import type { ImageGroup } from './average-linkage.js';
import { meanOf } from './class-prototypes.js';
import type { NamedImages, Survey } from './cluster-identities.js';

/**
 * Whether `group`, found under `label`, is who another name is about, or has more of its images under another: then its
 * images are to be relabelled, and tell nothing of `label`.
 */
export function livesElsewhere(
  group: ImageGroup,
  label: number,
  { embeddings, labels, neighbours: { ids, k } }: NamedImages,
  { groups }: Survey,
  bars: LikenessBars,
): boolean {
  const near = group.members.flatMap((image) => Array.from(ids.subarray(image * k, (image + 1) * k)));
  const others = new Set(near.filter((image) => image >= 0).map((image) => labels[image]));
  others.delete(label);
  // What does not belong here belongs somewhere: no discount for the many places where it could.
  const isHome = (home: ImageGroup): boolean =>
    isProposed(mergeConfidence(likenessAcross(embeddings, home, group), { ...bars, people: 1 }));
  return [...others].some((other) =>
    groups[other].some((home, i) => (i === 0 || home.members.length > group.members.length) && isHome(home)),
  );
}

/** @param embeddings (N, D) unit rows */
export const likenessAcross = (embeddings: Matrix, a: ImageGroup, b: ImageGroup): number =>
  likenessOf(dot(meanOf(embeddings, a.members), meanOf(embeddings, b.members)), a.within, b.within);

/** A group that is at least this much of the largest one may as well be whom the name means. */
const RIVAL_SHARE = 0.5;

/**
 * The survey with the group each name means put first: the largest, unless it lives elsewhere and another of about its
 * size does not.
 */
export function ownersFirst(images: NamedImages, survey: Survey, bars: LikenessBars): Survey {
  const groups = survey.groups.map((found, label) => {
    const rivals = found.filter(({ members }) => members.length >= RIVAL_SHARE * found[0].members.length);
    if (rivals.length < 2) return found;
    const owner = rivals.find((group) => !livesElsewhere(group, label, images, survey, bars)) ?? found[0];
    return [owner, ...found.filter((group) => group !== owner)];
  });
  return { ...survey, groups };
}
