import { FormatError } from '../../core/errors.js';
import { suggestName } from '../../core/nearest-name.js';
import { type VerdictName, verdictNames, verdictSchema } from '../../core/records.js';
import type { Answer } from './format.js';
import { isIdentityName } from '../../identities/names/name-verdicts.js';

/** An answer that says something. */
export interface AnsweredVerdict extends Omit<Answer, 'verdict'> {
  verdict: VerdictName;
  /** Of a relabel; null otherwise. */
  target: string | null;
}

/** Answers that say nothing are left out; capitals and blanks round a verdict do not count. @throws FormatError when one is no verdict, or names nobody to go to */
export const answeredVerdicts = (answers: readonly Answer[]): AnsweredVerdict[] =>
  answers
    .filter(({ verdict }) => verdict.trim() !== '')
    .map((answer) => {
      const parsed = verdictSchema.safeParse(answer.verdict.trim().toLowerCase());
      if (!parsed.success)
        throw new FormatError(
          `${answer.place}: "${answer.verdict}" is not a verdict (expected ${verdictNames.join(', ')}).`,
          suggestName(answer.verdict.toLowerCase(), verdictNames),
        );
      return { ...answer, verdict: parsed.data, target: targetOf(answer, parsed.data) };
    });

function targetOf({ identity, place }: Answer, verdict: VerdictName): string | null {
  if (verdict !== 'relabel') return null;
  const target = identity.trim();
  if (!isIdentityName(target))
    throw new FormatError(`${place}: a relabel needs the name of the identity that the image goes to.`, [
      'Tables have it in "suggested_identity", Label Studio in the text below the choice, CVAT in the tag\'s attribute.',
    ]);
  return target;
}

/** One verdict an image. @throws FormatError when a file says two things of the same image */
export function withoutContradictions(verdicts: readonly AnsweredVerdict[]): AnsweredVerdict[] {
  const byPath = new Map<string, AnsweredVerdict>();
  for (const verdict of verdicts) {
    const other = byPath.get(verdict.path);
    if (other && (other.verdict !== verdict.verdict || other.target !== verdict.target))
      throw new FormatError(
        `${verdict.place} says "${verdict.verdict}" of "${verdict.path}", but ${other.place} says "${other.verdict}".`,
        ['Leave one of the two.'],
      );
    byPath.set(verdict.path, verdict);
  }
  return [...byPath.values()];
}
