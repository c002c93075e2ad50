import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { parse as parseAll } from 'csv-parse/sync';
import { FormatError } from '../../core/errors.js';
import { isImageName } from '../../images/image-name.js';
import { readBeginning } from '../../core/regular-file.js';
import { decodeText, FORM_BYTES, parseOptionsOf, type TableForm, tableFormOf } from '../table-form.js';
import { groupingColumnOf, identityColumnOf, pathColumnOf, usualIdentityColumn, usualPathColumn } from './columns.js';
import { isFile } from './find-files.js';
import type { Findings } from './findings.js';
import { type ListedImage, listReader, listsIn } from './listed-images.js';
import { personOf } from './person-label.js';
import type { ReadOptions } from './reader.js';
import { textPieces } from './text-lines.js';

/** The tables of a source: what it is, or those in a folder; a text file when its lines are of a file and a label. */
function listsOf(path: string): string[] {
  if (isTextList(path)) return isListOfFiles(path) ? [path] : [];
  return listsIn(path, /\.(csv|tsv)$/i, ['set.csv', 'metadata.csv']);
}

const isTextList = (path: string): boolean => /\.(txt|list)$/i.test(path) && isFile(path);

/** A table of paths and identities, however its columns are divided; without a head line the columns tell by their cells. */
export const csvReader = listReader('csv', listsOf, 'is a table that names images and their identities', linesOf);

/** How a table is to be parsed. */
interface Plan extends TableForm {
  /** Names of the columns, where the file does not give them. */
  columns: string[] | true;
  path: string;
  identity: string;
}

async function* linesOf(list: string, options: ReadOptions, findings: Findings): AsyncGenerator<ListedImage> {
  const plan = await planOf(list, options);
  if (plan.columns !== true)
    findings.note(
      `"${list}" has no head line: its ${ordinal(plan.path)} column is the file, its ${ordinal(plan.identity)} the identity`,
    );
  else findings.note(`identity = column "${plan.identity}" of "${list}"`);
  for await (const row of rowsOf(list, plan))
    yield { path: row[plan.path] ?? '', identity: personOf((row[plan.identity] ?? '').trim()) };
}

const ordinal = (column: string): string => `${Number(column) + 1}${['st', 'nd', 'rd'][Number(column)] ?? 'th'}`;

async function planOf(list: string, options: ReadOptions): Promise<Plan> {
  const head = readBeginning(list, FORM_BYTES);
  const form = formOf(list, head);
  const rows = firstRows(head, form);
  const first = rows[0] ?? [];
  const given = options.pathColumn !== undefined || options.identityColumn !== undefined;
  const headless = given || usualPathColumn(first) !== undefined ? undefined : columnsByCells(rows, list);
  if (headless) return { ...form, ...headless };
  const path = pathColumnOf(first, options.pathColumn, list);
  identityColumnOf(first, options.identityColumn, list);
  const plan = { ...form, columns: true as const };
  const asked = { wanted: options.identityColumn, path, where: list };
  return { ...plan, path, identity: await groupingColumnOf(first, asked, () => rowsOf(list, plan)) };
}

/** A text file's cells are divided by blanks where nothing else divides them. */
function formOf(list: string, head: Uint8Array): TableForm {
  const form = tableFormOf(head, /\.tsv$/i.test(list) ? '\t' : ',');
  if (!isTextList(list)) return form;
  const lines = decodeText(head, form.encoding)
    .split(/\r\n|\n|\r/)
    .slice(form.skip);
  if (lines.find((line) => line.trim() !== '')?.includes(form.delimiter)) return form;
  const skip = /^\d+\s*$/.test(lines[0] ?? '') ? form.skip + 1 : form.skip; // CelebA counts the rows first
  return { ...form, delimiter: ' ', spaced: false, skip, quote: null };
}

const optionsOf = (form: TableForm) => ({ ...parseOptionsOf(form), max_record_size: 1 << 20 });

/** @throws FormatError */
async function* rowsOf(list: string, plan: TableForm & Pick<Plan, 'columns'>): AsyncGenerator<Record<string, string>> {
  const columns = plan.columns === true ? trimmed : plan.columns;
  const rows = Readable.from(textPieces(list)).pipe(parse({ ...optionsOf(plan), columns }));
  try {
    yield* rows as AsyncIterable<Record<string, string>>;
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError(`"${list}" is not a table: ${(error as Error).message}`);
  }
}

const trimmed = (cells: readonly string[]): string[] => cells.map((cell) => cell.trim());

/** The rows at the beginning; the last one may be cut. */
function firstRows(head: Uint8Array, form: TableForm): string[][] {
  for (const to of [LINES, 1])
    try {
      const rows = parseAll(decodeText(head, form.encoding), { ...optionsOf(form), to }) as unknown as string[][];
      return rows.map(trimmed);
    } catch {
      // a cell that goes on behind the beginning
    }
  return [];
}

/**
 * Columns of a table without a head line, named by their places: the one of image files, and the only other one that does
 * not number the rows. Undefined when the first line may be a head line.
 * @throws FormatError when several columns may say the identity
 */
function columnsByCells(
  rows: readonly string[][],
  list: string,
): Pick<Plan, 'columns' | 'path' | 'identity'> | undefined {
  const [first = []] = rows;
  const files = first.flatMap((cell, i) => (isImageName(cell) ? [i] : []));
  if (files.length !== 1) return undefined;
  const others = first.flatMap((cell, i) => (i === files[0] || cell === '' ? [] : [i]));
  const labels = others.length === 1 ? others : others.filter((i) => !numbersRows(rows.map((row) => row[i] ?? '')));
  if (labels.length !== 1)
    throw new FormatError(
      `"${list}" has no head line, and which column says the identity is not clear: its first line is ${first.join(', ')}.`,
      ['Put a line with the names of the columns before it, as path,identity.'],
    );
  return { columns: first.map((_, i) => String(i)), path: String(files[0]), identity: String(labels[0]) };
}

/** Does a column only count: a whole number of its own in each row? */
const numbersRows = (cells: readonly string[]): boolean =>
  cells.every((cell) => /^\d+$/.test(cell)) && (cells.length === 1 || new Set(cells).size === cells.length);

/** Lines of a file that decide what it is. */
const LINES = 20;

/** Are the lines of a text file an image file and a label each, or the other way round, with a head line or without? */
export function isListOfFiles(file: string): boolean {
  const head = readBeginning(file, FORM_BYTES);
  const form = formOf(file, head);
  const rows = firstRows(head, form).filter((row) => row.length > 1);
  const [first = []] = rows;
  const path = usualPathColumn(first);
  if (path !== undefined && usualIdentityColumn(first) !== undefined)
    return rows.length > 1 && isImageName(rows[1][first.indexOf(path)] ?? '');
  const isLine = (row: readonly string[]): boolean => row.length === 2 && row.filter(isImageName).length === 1;
  return rows.length > 0 && rows.every(isLine);
}
