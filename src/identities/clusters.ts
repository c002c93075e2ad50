import type { Cluster } from './average-linkage.js';

/** A group of more than one image. */
type LinkedGroup = Cluster & { children: readonly [Cluster, Cluster] };

/** The largest groups of a tree that were linked at `threshold` or above, of `least` images and more, the largest first. */
export function clustersAbove(tree: Cluster, threshold: number, least: number): Cluster[] {
  const found: Cluster[] = [];
  const open = [tree];
  for (let group = open.pop(); group; group = open.pop())
    if (group.cosine >= threshold) found.push(group);
    else if (group.children) open.push(...group.children);
  return found
    .filter(({ members }) => members.length >= least)
    .sort((a, b) => b.members.length - a.members.length || b.within - a.within);
}

/** The most alike half: the group that first held half of the tree's images when it was linked. */
export function densestHalf(tree: Cluster): Cluster {
  const half = tree.members.length / 2;
  let group = tree;
  for (;;) {
    const larger = group.children && largerFirst(group.children)[0];
    if (!larger || larger.members.length < half) return group;
    group = larger;
  }
}

/** What is left of a group without its stragglers: linked last of two children of `least` images or more; or null. */
export function dividedCluster(group: Cluster, least: number): LinkedGroup | null {
  let rest = group;
  while (rest.children) {
    const [larger, smaller] = largerFirst(rest.children);
    if (smaller.members.length >= least) return { ...rest, children: [larger, smaller] };
    rest = larger;
  }
  return null;
}

/**
 * How alike two groups are, in units of how alike each is in itself: about 1 for two halves of one person whatever
 * their size and quality (Spearman's correction for attenuation, 1904), well below for two people.
 * @param cosine mean over the pairs across, @param a and @param b mean over the pairs within; not positive: NaN
 */
export const correctedSimilarity = (cosine: number, a: number, b: number): number => cosine / Math.sqrt(a * b);

const largerFirst = ([a, b]: readonly [Cluster, Cluster]): [Cluster, Cluster] =>
  a.members.length >= b.members.length ? [a, b] : [b, a];
