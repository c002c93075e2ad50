import type { ImageGroup } from './average-linkage.js';

/** A group of more than one image. */
type LinkedGroup = ImageGroup & { parts: readonly [ImageGroup, ImageGroup] };

/** The largest groups of a tree that were linked at `bar` or above, of `least` images and more, the largest first. */
export function groupsAbove(tree: ImageGroup, bar: number, least: number): ImageGroup[] {
  const found: ImageGroup[] = [];
  const open = [tree];
  for (let group = open.pop(); group; group = open.pop())
    if (group.cosine >= bar) found.push(group);
    else if (group.parts) open.push(...group.parts);
  return found
    .filter(({ members }) => members.length >= least)
    .sort((a, b) => b.members.length - a.members.length || b.within - a.within);
}

/** The most alike half: the group that first held half of the tree's images when it was linked. */
export function densestHalf(tree: ImageGroup): ImageGroup {
  const half = tree.members.length / 2;
  let group = tree;
  for (;;) {
    const larger = group.parts && largerFirst(group.parts)[0];
    if (!larger || larger.members.length < half) return group;
    group = larger;
  }
}

/** What is left of a group without its stragglers: linked last of two parts of `least` images or more; or null. */
export function dividedGroup(group: ImageGroup, least: number): LinkedGroup | null {
  let rest = group;
  while (rest.parts) {
    const [larger, smaller] = largerFirst(rest.parts);
    if (smaller.members.length >= least) return { ...rest, parts: [larger, smaller] };
    rest = larger;
  }
  return null;
}

/**
 * How alike two groups are, in units of how alike each is in itself: about 1 for two halves of one person whatever
 * their size and quality (Spearman's correction for attenuation, 1904), well below for two people.
 * @param cosine mean over the pairs across, @param a and @param b mean over the pairs within; not positive: NaN
 */
export const likenessOf = (cosine: number, a: number, b: number): number => cosine / Math.sqrt(a * b);

const largerFirst = ([a, b]: readonly [ImageGroup, ImageGroup]): [ImageGroup, ImageGroup] =>
  a.members.length >= b.members.length ? [a, b] : [b, a];
