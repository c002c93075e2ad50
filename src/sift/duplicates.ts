import type { CroppedImage, Decision } from '../core/records.js';
import type { Copies } from './find-copies.js';
import { byPath, isKept, membersOf, suspicion } from './copy-members.js';

/**
 * Within an identity the best image of a photograph stays (the most pixels, then the lowest p_noise, then the first by
 * path), and the other kept ones become `duplicate`. A copy of a dropped image is none.
 */
export function markDuplicates(
  decisions: readonly Decision[],
  images: readonly CroppedImage[],
  copies: Copies,
): Decision[] {
  const marked = [...decisions];
  const samePixels = new Set(copies.pairs.filter(({ kind }) => kind === 'pixels').map(pairName));
  for (const members of membersOf(copies.copyGroups)) {
    const stays = bestOfEach(members, decisions, images);
    for (const copy of members.filter((i) => isKept(decisions[i]))) {
      const original = stays.get(images[copy].identity)!;
      if (original === copy) continue;
      const differs = samePixels.has(pairName({ first: copy, second: original }))
        ? ', in another file'
        : difference(images[copy], images[original], copies.mirrored[copy] !== copies.mirrored[original]);
      const same = images[copy].sha256 === images[original].sha256;
      const reason = same ? `the same file as ${images[original].path}` : `the same picture as ${images[original].path}${differs}`;
      const { path, identity } = images[original];
      const evidence = { ...decisions[copy].evidence, sameAs: [{ path, identity }] };
      marked[copy] = { ...decisions[copy], decision: 'duplicate', reason, evidence };
    }
  }
  return marked;
}

/** The image of each identity that stays, of those that are kept. */
function bestOfEach(members: readonly number[], decisions: readonly Decision[], images: readonly CroppedImage[]) {
  const pixels = (i: number): number => (images[i].width ?? 0) * (images[i].height ?? 0);
  const order = members
    .filter((i) => isKept(decisions[i]))
    .sort(
      (a, b) =>
        pixels(b) - pixels(a) || suspicion(decisions[a]) - suspicion(decisions[b]) || byPath(decisions[a], decisions[b]),
    );
  const stays = new Map<string, number>();
  for (const i of order) if (!stays.has(images[i].identity)) stays.set(images[i].identity, i);
  return stays;
}

const pairName = ({ first, second }: { first: number; second: number }): string =>
  `${Math.min(first, second)} ${Math.max(first, second)}`;

/** How a copy differs from its original, in words. */
function difference(copy: CroppedImage, { width, height }: CroppedImage, mirrored: boolean): string {
  const otherSize = copy.width !== width || copy.height !== height;
  if (!mirrored && !otherSize) return ', saved anew';
  return [
    ...(mirrored ? ['mirrored'] : []),
    ...(otherSize ? [`${copy.width} x ${copy.height} pixels instead of ${width} x ${height}`] : []),
  ]
    .map((words) => `, ${words}`)
    .join('');
}
