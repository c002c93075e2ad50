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

/** Places of the members of every group with more than one. @param groups number of each image's group, (N) */
export const membersOf = (groups: Int32Array): number[][] =>
  [
    ...groupBy(
      groups,
      (group) => group,
      (_, i) => i,
    ).values(),
  ].filter(({ length }) => length > 1);
