import { FormatError } from '../../core/errors.js';
import type { Answer } from './format.js';

/**
 * Refuses a table in whose `decision` column a person wrote, where the verdict belongs.
 * @param decidedBy decision of `run` on `path`, as it was exported; undefined if this workspace has none
 * @throws FormatError naming the first such row
 */
export function refuseEditedDecisions(
  answers: readonly Answer[],
  decidedBy: (run: string, path: string) => string | undefined,
): void {
  const edited = answers.filter(({ path, verdict, decision = '', run = '' }) => {
    if (verdict !== '' || decision === '') return false;
    const exported = decidedBy(run, path);
    return exported !== undefined && exported !== decision;
  });
  if (edited.length === 0) return;
  const [{ place, path, decision, run }] = edited;
  const more = edited.length > 1 ? `, as in ${edited.length - 1} more rows` : '';
  throw new FormatError(
    `${place}: the column "decision" says "${decision}" of "${path}", but the program decided "${decidedBy(run!, path)}"${more}.`,
    ['Write what you say into the column "verdict" and leave "decision" as it was exported.'],
  );
}
