import type { DecidedImage } from '../../core/decided-image.js';

/** Enough to see who it is. */
export const TYPICAL = 3;

/** Paths of an identity's most typical images: kept without a doubt, and nearest to its others. */
export function typicalFaces(images: readonly DecidedImage[]): (identity: string) => string[] {
  const kept = new Map<string, DecidedImage[]>();
  for (const image of images) {
    if (image.final !== 'keep') continue;
    const { name: identity } = image;
    const others = kept.get(identity);
    if (others) others.push(image);
    else kept.set(identity, [image]);
  }
  return (identity) =>
    (kept.get(identity) ?? [])
      .toSorted((a, b) => standing(b) - standing(a) || (a.path < b.path ? -1 : 1))
      .slice(0, TYPICAL)
      .map(({ path }) => path);
}

const standing = ({ pNoise, evidence: { cosOwn, cosDominant } }: DecidedImage): number =>
  (cosOwn ?? cosDominant ?? 0) - (pNoise ?? 0);
