import { FormatError } from '../../core/errors.js';
import type { DecisionColumn } from './decision-table.js';
import type { Answer } from './format.js';

/** Columns that answers are read from. */
export const answerColumns: readonly string[] = [
  'path',
  'verdict',
  'suggested_identity',
  'decision',
  'run',
] satisfies DecisionColumn[];

/**
 * Answers out of the `verdict` column of an exported table; a relabel goes to the row's `suggested_identity`.
 * @throws FormatError when a column is not there
 */
export const tableAnswers = (rows: readonly Record<string, string | undefined>[], file: string): Answer[] =>
  rows.map(({ path, verdict, suggested_identity, decision, run }, i) => {
    const place = `${file}, row ${i + 1}`;
    if (path === undefined || verdict === undefined)
      throw new FormatError(`${place}: the columns "path" and "verdict" are needed.`, [
        'Start from `facesieve decisions export` and fill in the verdict column.',
      ]);
    return { place, path, verdict: verdict.trim(), identity: suggested_identity ?? '', decision, run };
  });
