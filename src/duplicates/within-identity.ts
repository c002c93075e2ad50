import type { Decision } from '../core/records.js';
import type { NearDuplicates } from './near-duplicates.js';
import type { ListOf } from '../core/image-table.js';
import { byPath, isKept, membersOf, suspicion } from '../core/groups.js';

/** An image, as far as marks of near-duplicates name it and say how it differs. */
export interface MarkedImage {
  path: string;
  identity: string;
  sha256?: string;
  width?: number | null;
  height?: number | null;
}

/**
 * Marks near-duplicates within an identity: the best image of a photograph stays (the most pixels, then the lowest p_noise, then the first by
 * path), and the other kept ones become `duplicate`. A copy of a dropped image is none; the evidence names it all the same.
 */
export function markDuplicates(
  decisions: readonly Decision[],
  images: ListOf<MarkedImage>,
  copies: NearDuplicates,
): Decision[] {
  const marked = [...decisions];
  const samePixels = new Set(copies.pairs.filter(({ kind }) => kind === 'pixels').map(pairName));
  for (const members of membersOf(copies.copyGroups)) {
    const stays = bestOfEach(members, decisions, images);
    for (const copy of members) {
      const original = stays.get(images.at(copy)!.identity)!;
      if (original === copy) continue;
      const { path, identity } = images.at(original)!;
      const evidence = { ...decisions[copy].evidence, sameAs: [{ path, identity }] };
      const pixels = samePixels.has(pairName({ first: copy, second: original }));
      const mirrored = copies.mirrored[copy] !== copies.mirrored[original];
      marked[copy] = isKept(decisions[copy])
        ? {
            ...decisions[copy],
            evidence,
            decision: 'duplicate',
            reason: differenceWords(images.at(copy)!, images.at(original)!, pixels, mirrored),
          }
        : { ...decisions[copy], evidence };
    }
  }
  return marked;
}

/** The image of each identity that stays: a kept one, as long as there is one. */
function bestOfEach(members: readonly number[], decisions: readonly Decision[], images: ListOf<MarkedImage>) {
  const pixels = (i: number): number => (images.at(i)!.width ?? 0) * (images.at(i)!.height ?? 0);
  const order = [...members].sort(
    (a, b) =>
      Number(isKept(decisions[b])) - Number(isKept(decisions[a])) ||
      pixels(b) - pixels(a) ||
      suspicion(decisions[a]) - suspicion(decisions[b]) ||
      byPath(decisions[a], decisions[b]),
  );
  const stays = new Map<string, number>();
  for (const i of order) if (!stays.has(images.at(i)!.identity)) stays.set(images.at(i)!.identity, i);
  return stays;
}

const pairName = ({ first, second }: { first: number; second: number }): string =>
  `${Math.min(first, second)} ${Math.max(first, second)}`;

/** What a copy is a copy of, and how it differs, in words. */
function differenceWords(
  copy: MarkedImage,
  { path, sha256, width, height }: MarkedImage,
  pixels: boolean,
  mirrored: boolean,
) {
  if (sha256 !== undefined && copy.sha256 === sha256) return `the same file as ${path}`;
  if (pixels) return `the same picture as ${path}, in another file`;
  const differences = [
    ...(mirrored ? ['mirrored'] : []),
    ...(copy.width === width && copy.height === height
      ? []
      : [`${copy.width} x ${copy.height} pixels instead of ${width} x ${height}`]),
  ];
  return `the same picture as ${path}, ${differences.length > 0 ? differences.join(', ') : 'saved anew'}`;
}
