import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { parse as parseAll } from 'csv-parse/sync';
import { FormatError } from '../../core/errors.js';
import { isImageName } from '../../images/image-name.js';
import { readBeginning } from '../../core/regular-file.js';
import { decodeText, FORM_BYTES, type TableForm, tableFormOf } from '../table-form.js';
import { groupingColumnOf, identityColumnOf, pathColumnOf } from './columns.js';
import { fileOf, isFile } from './find-files.js';
import type { Findings } from './findings.js';
import { type ListedImage, listReader } from './listed-images.js';
import { personOf } from './person-label.js';
import type { ReadOptions } from './reader.js';
import { textPieces } from './text-lines.js';

/** The table of a source: what it is, or the one in a folder; a text file when its lines are of a file and a label. */
function listOf(path: string): string | undefined {
  if (/\.txt$/i.test(path) && isFile(path)) return isListOfFiles(path) ? path : undefined;
  return fileOf(path, /\.(csv|tsv)$/i, 'set.csv') ?? fileOf(path, /\.csv$/i, 'metadata.csv');
}

/** A table of paths and identities, however its columns are divided; without a head line the columns tell by their cells. */
export const csvReader = listReader('csv', listOf, 'is a table that names images and their identities', linesOf);

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
  const first = firstRow(head, form);
  const given = options.pathColumn !== undefined || options.identityColumn !== undefined;
  const headless = given ? undefined : columnsByCells(first);
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
  if (!/\.txt$/i.test(list)) return form;
  const line =
    decodeText(head, form.encoding)
      .split(/\r?\n/)
      .find((text) => text.trim() !== '') ?? '';
  return line.includes(form.delimiter) ? form : { ...form, delimiter: ' ', spaced: false };
}

const optionsOf = ({ delimiter, spaced, skip }: TableForm) => ({
  bom: true,
  delimiter,
  ltrim: spaced,
  from_line: skip + 1,
  skip_empty_lines: true,
  relax_column_count: true,
  max_record_size: 1 << 20,
  ...(delimiter === ' ' && { quote: null }),
});

/** @throws FormatError */
async function* rowsOf(list: string, plan: TableForm & Pick<Plan, 'columns'>): AsyncGenerator<Record<string, string>> {
  const rows = Readable.from(textPieces(list)).pipe(parse({ ...optionsOf(plan), columns: plan.columns }));
  try {
    yield* rows as AsyncIterable<Record<string, string>>;
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError(`"${list}" is not a table: ${(error as Error).message}`);
  }
}

function firstRow(head: Uint8Array, form: TableForm): string[] {
  try {
    const rows = parseAll(decodeText(head, form.encoding), { ...optionsOf(form), to: 1 }) as unknown as string[][];
    return rows[0] ?? [];
  } catch {
    return [];
  }
}

/** Columns of a table without a head line, named by their places: the one of image files, and the only other one. */
function columnsByCells(first: readonly string[]): Pick<Plan, 'columns' | 'path' | 'identity'> | undefined {
  const files = first.map((cell, i) => (isImageName(cell.trim()) ? i : -1)).filter((i) => i >= 0);
  if (files.length !== 1 || first.length !== 2) return undefined;
  const path = files[0];
  return { columns: ['0', '1'], path: String(path), identity: String(1 - path) };
}

/** Lines of a text file that decide whether it is a list. */
const LINES = 20;

/** Are the lines of a text file an image file and a label each, or the other way round? */
function isListOfFiles(file: string): boolean {
  const head = readBeginning(file, FORM_BYTES);
  const form = formOf(file, head);
  const lines = decodeText(head, form.encoding)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  return (
    lines.length > 0 &&
    lines.slice(0, LINES).every((line) => columnsByCells(line.trim().split(form.delimiter)) !== undefined)
  );
}
