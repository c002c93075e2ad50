import type { Decision, DecisionName } from './records.js';

const kept = new Set<DecisionName>(['keep', 'hard', 'review']);

/** Neither called noise nor a duplicate. */
export const isKept = ({ decision }: Decision): boolean => kept.has(decision);

/** What an image's p_noise counts for among copies: not known is no suspicion. */
export const suspicion = ({ pNoise }: Decision): number => pNoise ?? 0;

export const byPath = (a: { path: string }, b: { path: string }): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : 0;

/** Places of the members of every group with more than one. @param groups number of each image's group, (N) */
export function membersOf(groups: Int32Array): number[][] {
  const members = new Map<number, number[]>();
  groups.forEach((group, i) => {
    const others = members.get(group);
    if (others) others.push(i);
    else members.set(group, [i]);
  });
  return [...members.values()].filter(({ length }) => length > 1);
}
