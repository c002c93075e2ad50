import { FormatError } from '../../core/errors.js';
import { suggestName } from '../../core/nearest-name.js';
import { type VerdictName, verdictNames, verdictSchema } from '../../core/records.js';
import type { Answer } from './format.js';
import { isIdentityName } from '../../identities/names/name-verdicts.js';

/** An answer that says something. */
export interface AnsweredVerdict extends Omit<Answer, 'verdict' | 'face'> {
  verdict: VerdictName;
  /** Of a relabel; null otherwise. */
  target: string | null;
  /** The face that it is about, from 0; null where nothing is said of faces. */
  face: number | null;
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
      const verdict = parsed.data;
      return { ...answer, verdict, target: targetOf(answer, verdict), face: faceOf(answer, verdict) };
    });

/** Blanks round it do not count, and a spreadsheet may have made `2.0` of it. */
function faceOf({ face = '', place }: Answer, verdict: VerdictName): number | null {
  const written = face.trim();
  if (written === '' && verdict !== 'wrong-face') return null;
  const number = Number(written);
  if (written !== '' && Number.isInteger(number) && number >= 1) return number - 1;
  throw new FormatError(
    written === ''
      ? `${place}: a wrong-face needs the number of the right face.`
      : `${place}: "${written}" is not the number of a face.`,
    ['Tables have it in "face", counted from 1; the review page and the report show the numbers.'],
  );
}

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
    if (other && (other.verdict !== verdict.verdict || other.target !== verdict.target || other.face !== verdict.face))
      throw new FormatError(
        `${verdict.place} says "${verdict.verdict}" of "${verdict.path}", but ${other.place} says "${other.verdict}".`,
        ['Leave one of the two.'],
      );
    byPath.set(verdict.path, verdict);
  }
  return [...byPath.values()];
}
