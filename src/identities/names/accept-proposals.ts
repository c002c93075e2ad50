import type { EffectiveNames } from './effective-names.js';
import type { NamesSince } from './names-since.js';
import type { IdentityProposals } from '../proposals.js';
import type { NameVerdict } from './name-verdicts.js';
import { mergeVerdict, NameConflictError, splitVerdict } from './name-actions.js';

export type ProposalKind = 'merge' | 'split';

export interface AcceptOptions {
  /** Least confidence, [0, 1]. */
  confidence: number;
  kinds: readonly ProposalKind[];
}

/**
 * Verdicts that accept every proposal of at least `confidence`, the surest first.
 * @param open proposals that nobody has answered
 * @param since how to read the names in them
 */
export function acceptedVerdicts(
  names: EffectiveNames,
  since: NamesSince,
  open: IdentityProposals,
  { confidence, kinds }: AcceptOptions,
): NameVerdict[] {
  const merges = kinds.includes('merge') ? open.merges.filter((merge) => merge.confidence >= confidence) : [];
  const splits = kinds.includes('split') ? open.splits.filter((split) => split.confidence >= confidence) : [];
  // Divided first: a name that is several people may seem to be a third one.
  return [
    ...splits.map((split) => splitVerdict(names, since.called(split.identity)!, split.groups)),
    ...mergesInTurn(names, since, merges),
  ];
}

/** Of A = B and B = C the second is said of what A and B are called by then; not if people said that A is not C. */
function mergesInTurn(names: EffectiveNames, since: NamesSince, merges: IdentityProposals['merges']): NameVerdict[] {
  const joined = new Map<string, string>();
  const members = new Map<string, string[]>();
  const membersOf = (name: string): string[] => members.get(name) ?? [name];
  const nameOf = (name: string): string => {
    let now = since.called(name)!;
    while (joined.has(now)) now = joined.get(now)!;
    return now;
  };
  return merges.flatMap(({ a, b }) => {
    const [one, other] = [nameOf(a), nameOf(b)];
    const refused = membersOf(one).some((x) => membersOf(other).some((y) => names.areApart(x, y)));
    if (one === other || refused) return [];
    joined.set(other, one);
    members.set(one, [...membersOf(one), ...membersOf(other)]);
    return mergeVerdict(names, one, other) ?? [];
  });
}

/** The division that sift proposes of `name`. @throws NameConflictError when it proposes none */
export function proposedSplit(
  names: EffectiveNames,
  since: NamesSince,
  open: IdentityProposals,
  name: string,
): NameVerdict {
  const proposed = open.splits.find(({ identity }) => since.called(identity) === name);
  if (!proposed)
    throw new NameConflictError(`Nothing is proposed about how to split "${name}".`, [
      'Name a file with --groups: CSV with the columns path and group.',
      'facesieve identities list',
    ]);
  return splitVerdict(names, name, proposed.groups);
}
