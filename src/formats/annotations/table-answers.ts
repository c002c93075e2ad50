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
  'face',
] satisfies DecisionColumn[];

/**
 * Answers out of the `verdict` column of an exported table; a relabel goes to the row's `suggested_identity`.
 * @throws FormatError when a column is not there
 */
export const tableAnswers = (rows: readonly Record<string, string | undefined>[], file: string): Answer[] =>
  rows.map((row, i) => {
    const path = cellNamed(row, 'path');
    const verdict = cellNamed(row, 'verdict');
    const place = `${file}, row ${i + 1}`;
    if (path === undefined || verdict === undefined)
      throw new FormatError(`${place}: the columns "path" and "verdict" are needed.`, [
        'Start from `facesieve decisions export` and fill in the verdict column.',
      ]);
    return {
      place,
      path,
      verdict: verdict.trim(),
      identity: cellNamed(row, 'suggested_identity') ?? '',
      decision: cellNamed(row, 'decision'),
      run: cellNamed(row, 'run'),
      face: cellNamed(row, 'face'),
    };
  });

/** A cell by the name of its column, in any case. */
function cellNamed(row: Readonly<Record<string, string | undefined>>, name: DecisionColumn): string | undefined {
  if (name in row) return row[name];
  const found = Object.keys(row).find(
    (column) =>
      column
        .trim()
        .toLowerCase()
        .replace(/[\s-]+/g, '_') === name,
  );
  return found === undefined ? undefined : row[found];
}
