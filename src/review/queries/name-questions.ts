import { EffectiveNames } from '../../identities/names/effective-names.js';
import type { NamesSince } from '../../identities/names/names-since.js';
import type { MergeProposal, SplitProposal } from '../../identities/proposals.js';
import {
  type GivenNameVerdict,
  type NameVerdict,
  pairQuestion,
  peopleQuestion,
  questionOf,
} from '../../identities/names/name-verdicts.js';
import { mergeVerdict, splitVerdict } from '../../identities/names/name-actions.js';
import type { Stranger } from '../strangers.js';
import type { NameQuestionEntry } from './api-types.js';
import { type StrangerAnswer, strangerVerdict } from './stranger-questions.js';

/** A proposal as a question, with the names of now. */
export type NameQuestion = NameQuestionEntry & {
  /** See {@link questionOf}. */
  question: string;
  given: GivenNameVerdict | null;
} & (
    | { kind: 'merge'; merge: MergeProposal }
    | { kind: 'split'; split: SplitProposal }
    | { kind: 'stranger'; stranger: Stranger }
    | { kind: 'known'; stranger: Stranger }
  );

export interface NamesNow {
  names: EffectiveNames;
  since: NamesSince;
}

type Proposal =
  { kind: 'merge'; at: number; merge: MergeProposal } | { kind: 'split'; at: number; split: SplitProposal };

/** Proposals as questions, the surest first; those about names that are gone are left out. */
export function nameQuestions(
  { names, since }: NamesNow,
  { merges, splits }: { merges: readonly MergeProposal[]; splits: readonly SplitProposal[] },
): NameQuestion[] {
  const given = new Map(names.verdicts.map((one) => [questionOf(one.verdict), one]));
  const proposals: Proposal[] = [
    ...merges.map((merge, at) => ({ kind: 'merge' as const, at, merge })),
    ...splits.map((split, at) => ({ kind: 'split' as const, at, split })),
  ];
  return proposals
    .flatMap((proposal) => questionFor(proposal, since, given))
    .sort((a, b) => b.confidence - a.confidence || (a.key < b.key ? -1 : 1));
}

function questionFor(
  proposal: Proposal,
  since: NamesSince,
  given: ReadonlyMap<string, GivenNameVerdict>,
): NameQuestion[] {
  const key = `${proposal.kind}-${proposal.at}`;
  if (proposal.kind === 'merge') {
    const { merge } = proposal;
    const answer = since.answerToMerge(merge);
    if (answer === 'gone') return [];
    const question = pairQuestion(merge.a, merge.b);
    return [
      {
        ...{ key, kind: 'merge', merge, question, confidence: merge.confidence, given: given.get(question) ?? null },
        names: answer === 'merged' ? [merge.a, merge.b] : [since.called(merge.a)!, since.called(merge.b)!],
        answer: answer === 'merged' ? 'one-person' : answer,
      },
    ];
  }
  const { split } = proposal;
  const answer = since.answerToSplit(split);
  if (answer === 'gone') return [];
  const question = peopleQuestion(split.identity, imagesOf(split));
  return [
    {
      ...{ key, kind: 'split', split, question, confidence: split.confidence, given: given.get(question) ?? null },
      names: [since.called(split.identity)!],
      answer: answer === 'split' ? 'different' : answer,
    },
  ];
}

/** Clusters of dropped images as questions, in their order. */
export const strangerQuestions = (strangers: readonly Stranger[]): NameQuestion[] =>
  strangers.map((stranger, at): NameQuestion => {
    const { isKnown, name, confidence, question, given, answer } = stranger;
    const asked = { key: `drops-${at}`, names: [name], confidence, answer, question, given, stranger };
    return isKnown ? { kind: 'known', ...asked } : { kind: 'stranger', ...asked };
  });

export const imagesOf = ({ groups }: SplitProposal): string[] => groups.flatMap(({ images }) => images);

/** Names as if a question had not been answered. */
export const namesBefore = (
  images: readonly { path: string; identity: string }[],
  names: EffectiveNames,
  { question, given }: NameQuestion,
): EffectiveNames =>
  given === null
    ? names
    : new EffectiveNames(
        images,
        names.verdicts.filter(({ verdict }) => questionOf(verdict) !== question),
      );

/** Paths of a split's people: as a person divided them, else as proposed. */
export const dividedAs = ({ split, given }: NameQuestion & { kind: 'split' }): (readonly string[])[] =>
  given?.verdict.kind === 'split'
    ? given.verdict.parts.map(({ images }) => images)
    : split.groups.map(({ images }) => images);

/**
 * The verdict that answers a question; an earlier answer to it is as if it had not been given.
 * @param moved images that go to another person than they are shown under: path -> the person's place
 * @throws NameConflictError, ConfigError
 */
export function answerVerdict(
  images: readonly { path: string; identity: string }[],
  { names, since }: NamesNow,
  asked: NameQuestion,
  said: StrangerAnswer,
): NameVerdict {
  const before = namesBefore(images, names, asked);
  if (asked.kind === 'stranger' || asked.kind === 'known') return strangerVerdict(before, asked.stranger, said);
  const { answer, moved } = said;
  // Where a name of the proposal is an alias of what it is called now, the verdict keeps it: then a later answer finds it.
  const nowOf = (name: string): string =>
    (asked.given === null ? since.called(name) : undefined) ?? before.resolve(name) ?? name;
  const keptName = (name: string): string => (before.resolve(name) === nowOf(name) ? name : nowOf(name));
  if (asked.kind === 'merge') {
    const [a, b] = [asked.merge.a, asked.merge.b].map(keptName);
    if (answer === 'different') return { kind: 'different', a, b };
    return mergeVerdictOf(before, asked.merge, nowOf, [a, b]);
  }
  const { identity } = asked.split;
  if (answer === 'one-person')
    return { kind: 'one-person', name: keptName(identity), images: imagesOf(asked.split).sort() };
  const shown = dividedAs(asked);
  const placed = shown.flatMap((paths, person) => paths.map((path) => ({ path, person: moved.get(path) ?? person })));
  const parts = shown.map((_, person) => ({
    images: placed.flatMap((image) => (image.person === person ? image.path : [])),
  }));
  return { ...splitVerdict(before, nowOf(identity), parts), name: keptName(identity) };
}

function mergeVerdictOf(
  before: EffectiveNames,
  merge: MergeProposal,
  nowOf: (name: string) => string,
  [a, b]: string[],
): NameVerdict {
  const into = nowOf(merge.a);
  return { ...(mergeVerdict(before, into, nowOf(merge.b)) ?? { kind: 'merge', into }), a, b };
}
