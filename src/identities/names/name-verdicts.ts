import { z } from 'zod';
import { fingerprint } from '../../core/fingerprint.js';

/** A name that `forget` took out of a verdict is null: what the verdict says of the others still holds. */
const name = z.string().nullable();
const paths = z.array(z.string());

/** What a person says of names. Images are paths below the source. */
export const nameVerdictSchema = z.discriminatedUnion('kind', [
  /** One person under two names; both are called `into` from now on. */
  z.object({ kind: z.literal('merge'), a: name, b: name, into: name }),
  /** Two names that are not one person: answers a proposal to merge. */
  z.object({ kind: z.literal('different'), a: name, b: name }),
  /** Several people under one name. Images of `name` that no part lists go with the first part. */
  z.object({ kind: z.literal('split'), name, parts: z.array(z.object({ name, images: paths })).min(1) }),
  /** One name that is one person: answers a proposal to split. `images` are those of the proposal. */
  z.object({ kind: z.literal('one-person'), name, images: paths }),
  z.object({ kind: z.literal('rename'), name, into: name }),
  /** Images of an unknown person, wherever they were found. `others` were asked about with them and show somebody else. */
  z.object({ kind: z.literal('discover'), name, images: paths, others: paths.optional() }),
  /** The same of a person who has a name. These images stay, whatever sift decides of them. */
  z.object({ kind: z.literal('assign'), name, images: paths, others: paths.optional() }),
  /** Images that are not one person, or not the person that they were taken for. */
  z.object({ kind: z.literal('unrelated'), name: name.optional(), images: paths }),
]);
export type NameVerdict = z.infer<typeof nameVerdictSchema>;

export const givenNameVerdictSchema = z.object({
  verdict: nameVerdictSchema,
  reviewer: z.string(),
  givenAt: z.string(),
});

/** A verdict on names that holds. `batch` says where it stands in the order of all verdicts. */
export interface GivenNameVerdict extends z.infer<typeof givenNameVerdictSchema> {
  batch: number;
}

/** The question that a verdict answers. Of two verdicts on the same question the later one holds. */
export function questionOf(verdict: NameVerdict): string {
  switch (verdict.kind) {
    case 'merge':
    case 'different':
      return pairQuestion(verdict.a, verdict.b);
    case 'split':
      return peopleQuestion(
        verdict.name,
        verdict.parts.flatMap(({ images }) => images),
      );
    case 'one-person':
      return peopleQuestion(verdict.name, verdict.images);
    case 'rename':
      return JSON.stringify([verdict.kind, verdict.name]);
    case 'discover':
    case 'assign':
      return clusterQuestion([...verdict.images, ...(verdict.others ?? [])]);
    case 'unrelated':
      return clusterQuestion(verdict.images);
  }
}

/** Whether two names are one person. The order of the two does not matter. */
export const pairQuestion = (a: string | null, b: string | null): string =>
  JSON.stringify(['pair', ...[a ?? '', b ?? ''].sort()]);

/** Whether these images of a name are one person. How they are divided does not matter. */
export const peopleQuestion = (of: string | null, images: readonly string[]): string =>
  JSON.stringify(['people', of, fingerprint([...images].sort())]);

/** Whether these images, of any names, are one person. Which of them a person took out does not matter. */
export const clusterQuestion = (images: readonly string[]): string => peopleQuestion(null, images);

/** Names the content of each verdict: what a sift run records of those it knew. */
export const nameVerdictMarks = (verdicts: readonly Pick<GivenNameVerdict, 'verdict'>[]): string[] =>
  verdicts.map(({ verdict }) => fingerprint(verdict));

/** Whether an image may be given to a name: it becomes a folder's. */
export const isIdentityName = (name: string): boolean =>
  name.trim() !== '' && !name.includes('/') && name !== '.' && name !== '..';
