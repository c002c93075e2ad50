import type { Decision, DecisionName } from './records.js';

const kept = new Set<DecisionName>(['keep', 'hard', 'review']);

/** Neither called noise nor a duplicate. */
export const isKept = ({ decision }: Decision): boolean => kept.has(decision);

/** What an image's p_noise counts for among copies: not known is no suspicion. */
export const suspicion = ({ pNoise }: Decision): number => pNoise ?? 0;

export const byPath = (a: { path: string }, b: { path: string }): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : 0;

/**
 * Values by key, keys in the order in which they first come, values in the order of `items`.
 * @param valueOf what is kept of each item; the item itself without it
 */
export function groupBy<T, K>(items: Iterable<T>, keyOf: (item: T, index: number) => K): Map<K, T[]>;
export function groupBy<T, K, V>(
  items: Iterable<T>,
  keyOf: (item: T, index: number) => K,
  valueOf: (item: T, index: number) => V,
): Map<K, V[]>;
export function groupBy<T, K>(
  items: Iterable<T>,
  keyOf: (item: T, index: number) => K,
  valueOf: (item: T, index: number) => unknown = (item) => item,
): Map<K, unknown[]> {
  const groups = new Map<K, unknown[]>();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index);
    const group = groups.get(key);
    const value = valueOf(item, index++);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}

/** Yields the places of the members of each label, in order. @param labels (N), from 0; below 0 = none */
export function* membersByLabel(labels: ArrayLike<number>): Generator<Int32Array> {
  let most = -1;
  for (let i = 0; i < labels.length; i++) most = Math.max(most, labels[i]);
  const ends = new Int32Array(most + 2);
  for (let i = 0; i < labels.length; i++) if (labels[i] >= 0) ends[labels[i] + 1]++;
  for (let label = 0; label <= most; label++) ends[label + 1] += ends[label];
  const members = new Int32Array(ends[most + 1]);
  const next = ends.slice();
  for (let i = 0; i < labels.length; i++) if (labels[i] >= 0) members[next[labels[i]]++] = i;
  for (let label = 0; label <= most; label++) yield members.subarray(ends[label], ends[label + 1]);
}

/**
 * Places of the members of every group with more than one, in the order of the groups' first members.
 * @param groups number of each image's group, 0 and above, (N)
 */
export function membersOf(groups: Int32Array): number[][] {
  // Most images have no copy. A group that is alone in its bucket and has one member needs no entry in a Map.
  const buckets = new Int32Array(groups.length);
  for (const group of groups) buckets[group % groups.length]++;
  const members = new Map<number, number[]>();
  groups.forEach((group, i) => {
    if (buckets[group % groups.length] < 2) return;
    const others = members.get(group);
    if (others) others.push(i);
    else members.set(group, [i]);
  });
  return [...members.values()].filter(({ length }) => length > 1);
}
