import { FormatError } from '../../core/errors.js';
import { isFormula, withoutApostrophe } from '../spreadsheet-cell.js';

/** Column of an export with `--spreadsheet-safe`: `yes` in every row. `no` says that apostrophes belong to names. */
export const SAFE_COLUMN = 'spreadsheet_safe';

/** Whose a leading apostrophe before `=`, `+`, `-` or `@` is: the export's, the name's own, or that cannot be told. */
export type Apostrophes = 'added' | 'own' | 'unknown';

type Row = Record<string, string | undefined>;

/**
 * Tells for each row whose its apostrophes are. The column `spreadsheet_safe` says it; a path that begins as a formula
 * contradicts a `yes` (a program took the apostrophes away) and shows that a table without the column was not made safe.
 * @throws FormatError when the column says something else
 */
export function apostrophesOf(rows: readonly Row[], file: string): Apostrophes[] {
  const said = rows.map((row, i) => saidOf(row, `${file}, row ${i + 1}`));
  const bare = new Set(rows.flatMap(({ path }, i) => (path !== undefined && isFormula(path) ? [said[i]] : [])));
  return said.map((answer) => {
    if (answer === 'no') return 'own';
    if (answer === 'yes') return bare.has('yes') ? 'unknown' : 'added';
    return bare.has('') ? 'own' : 'unknown';
  });
}

function saidOf(row: Row, place: string): 'yes' | 'no' | '' {
  const answer = (row[SAFE_COLUMN] ?? '').trim().toLowerCase();
  if (answer === 'yes' || answer === 'no' || answer === '') return answer;
  throw new FormatError(`${place}: "${SAFE_COLUMN}" is "${answer}"; yes or no was expected.`);
}

/**
 * Finds what `text` names: as it stands, or without the apostrophe that `--spreadsheet-safe` puts before what a
 * spreadsheet would compute. The likelier reading is looked up first.
 * @param find what a name is known as, undefined when it is not
 * @throws FormatError when both readings are known and it cannot be told which is meant
 */
export function readName<T>(
  text: string,
  { apostrophes = 'own', place }: { apostrophes?: Apostrophes; place: string },
  find: (name: string) => T | undefined,
): T | undefined {
  const bare = withoutApostrophe(text);
  if (bare === undefined) return find(text);
  const [own, added] = [find(text), find(bare)];
  if (apostrophes === 'unknown' && own !== undefined && added !== undefined && own !== added)
    throw new FormatError(
      `${place}: "${text}" may be that name, or "${bare}" as --spreadsheet-safe writes it; both are known.`,
      [`Add a column "${SAFE_COLUMN}": yes where the apostrophe was added, no where it belongs to the name.`],
    );
  return apostrophes === 'added' ? (added ?? own) : (own ?? added);
}
