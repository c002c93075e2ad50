import type { Decision, SameAs } from '../core/records.js';
import type { ListOf } from '../core/image-table.js';
import { byPath, isKept, membersOf, suspicion } from '../core/groups.js';
import type { NearDuplicates } from './near-duplicates.js';
import type { MarkedImage } from './within-identity.js';

/** Identities that are named in the evidence: a picture that stands in for thousands of people lists no more. */
const NAMED = 5;

/**
 * Marks cross-identity conflicts, one photograph under several identities: the evidence of each image names the others, and
 * if several identities keep theirs, all but the one with the lowest p_noise go to `review`, since one of the names is
 * wrong. Images that show different people of a group photograph are no conflict.
 */
export function markConflicts(
  decisions: readonly Decision[],
  images: ListOf<MarkedImage>,
  { copyGroups, faceGroups }: NearDuplicates,
): Decision[] {
  const marked = [...decisions];
  for (const members of membersOf(copyGroups)) {
    const names = oneOfEach(members, images);
    if (names.length > 1) for (const i of members) marked[i] = withSameAs(decisions[i], images.at(i)!.identity, names);
  }
  for (const members of membersOf(faceGroups)) {
    const keepers = members.filter((i) => isKept(decisions[i]));
    if (keepers.length === 0) continue;
    const best = keepers.reduce((a, b) => (isCleaner(decisions[b], decisions[a]) ? b : a));
    for (const i of keepers)
      if (images.at(i)!.identity !== images.at(best)!.identity)
        marked[i] = contradicted(marked[i], decisions[i], images.at(best)!);
  }
  return marked;
}

/** The first image by path of each identity, by path. */
function oneOfEach(members: readonly number[], images: ListOf<MarkedImage>): SameAs[] {
  const first = new Map<string, SameAs>();
  for (const { path, identity } of members.map((i) => images.at(i)!).sort(byPath))
    if (!first.has(identity)) first.set(identity, { path, identity });
  return [...first.values()];
}

function withSameAs(decision: Decision, own: string, names: readonly SameAs[]): Decision {
  const sameAs = names
    .slice(0, NAMED + 1)
    .filter(({ identity }) => identity !== own)
    .slice(0, NAMED);
  return {
    ...decision,
    evidence: { ...decision.evidence, sameAs: [...(decision.evidence.sameAs ?? []), ...sameAs] },
    reason: `${decision.reason}; ${sameAsWords(sameAs[0])}`,
  };
}

const contradicted = (marked: Decision, { reason }: Decision, better: SameAs): Decision => ({
  ...marked,
  decision: 'review',
  reason: `${sameAsWords(better)}; ${reason}`,
});

const sameAsWords = ({ path, identity }: SameAs): string => `the same photograph as ${path} under ${identity}`;

const isCleaner = (a: Decision, b: Decision): boolean => (suspicion(a) - suspicion(b) || byPath(a, b)) < 0;
