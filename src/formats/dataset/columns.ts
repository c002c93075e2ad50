import { FormatError } from '../../core/errors.js';
import { suggestName } from '../../core/nearest-name.js';
import { personOf } from './person-label.js';

const identityNames = [
  'identity',
  'person',
  'subject',
  'identity_name',
  'person_name',
  'celebrity',
  'celebrity_name',
  'identity_id',
  'person_id',
  'subject_id',
  'celeb_id',
  'name',
  'label',
  'class',
  'class_name',
  'class_id',
  'label_id',
  'target',
  'cls',
  'id',
];
/** Usual names that as often number the rows, or name the file. */
const doubtful = new Set(['id', 'name', 'label']);
const pathNames = [
  'path',
  'file',
  'filename',
  'file_name',
  'filepath',
  'file_path',
  'image_path',
  'image',
  'img',
  'image_file',
  'img_file',
  'photo',
  'picture',
  'src',
  'image_id',
  'image_name',
  'imagename',
  'img_name',
  'img_path',
  'filenames',
  'files',
];

/** The column that names the identity: the one asked for, or the first that is usually called so. @throws FormatError */
export const identityColumnOf = (columns: readonly string[], wanted: string | undefined, where: string): string =>
  columnOf(columns, wanted, identityNames, where, 'the identity', '--identity-column');

/** The column that names the file, or holds the image. @throws FormatError */
export const pathColumnOf = (columns: readonly string[], wanted: string | undefined, where: string): string =>
  columnOf(columns, wanted, pathNames, where, 'the image', '--path-column');

/** A column's name without case, blanks and marks: `File Name`, `FileName` and `file_name` are one. */
const folded = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/**
 * Whom a metadata record names by its usual keys, or by those of an object in it: undefined when none of them is there, ''
 * when the first says nobody. A record's `id` numbers the record.
 */
export function identityIn(record: Record<string, unknown>, wanted: string | undefined): string | undefined {
  const names = wanted === undefined ? identityNames.filter((name) => name !== 'id') : [wanted];
  const said = saidBy(record, names, wanted !== undefined);
  if (said !== undefined) return said;
  const sure = names.filter((name) => !doubtful.has(name));
  for (const inner of Object.values(record)) {
    const below = isObject(inner) ? saidBy(inner, sure, wanted !== undefined) : undefined;
    if (below !== undefined) return below;
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function saidBy(record: Record<string, unknown>, names: readonly string[], exact: boolean): string | undefined {
  const isCell = (value: unknown): boolean => value === null || ['string', 'number', 'bigint'].includes(typeof value);
  const keys = Object.keys(record).filter((key) => isCell(record[key]));
  for (const name of names) {
    const key = keys.find((own) => own === name) ?? keys.find((own) => !exact && folded(own) === folded(name));
    if (key !== undefined) return personOf(record[key]);
  }
  return undefined;
}

/**
 * The identity column of a table whose rows are at hand. A column with a value of its own in each row says of no two images
 * that they show one person: another usual one is taken before it, and `id` not at all.
 * @param rows read until a value repeats @throws FormatError
 */
export async function groupingColumnOf(
  columns: readonly string[],
  { wanted, path, where }: { wanted?: string; path: string; where: string },
  rows: (columns: readonly string[]) => AsyncIterable<Record<string, unknown>>,
): Promise<string> {
  const first = identityColumnOf(columns, wanted, where);
  if (wanted !== undefined) return first;
  const usual = identityNames.flatMap((name) => columns.filter((column) => folded(column) === folded(name)));
  const candidates = usual.filter((column) => column !== path);
  const isSure = (column: string): boolean => !doubtful.has(folded(column));
  if (candidates.length === 0 || isSure(candidates[0])) return candidates[0] ?? first;
  const seen = new Map(candidates.map((column) => [column, new Set<string>()]));
  const repeats = new Set<string>();
  let count = 0;
  for await (const row of rows(candidates)) {
    count++;
    for (const [column, values] of seen) {
      const person = personOf(row[column]);
      if (person === '' || repeats.has(column)) continue;
      if (values.size === values.add(person).size) repeats.add(column);
    }
    if (repeats.has(candidates[0])) break;
  }
  if (repeats.has(candidates[0]) || count <= 1) return candidates[0];
  const named =
    candidates.find(isSure) ??
    candidates.find((column) => repeats.has(column)) ??
    candidates.find((column) => column.toLowerCase() !== 'id');
  if (named !== undefined) return named;
  throw new FormatError(
    `No column of "${where}" says the identity: "${first}" has another value in each of its ${count} rows; it has ${columns.join(', ')}.`,
    ['Name the column that says who is who with --identity-column.'],
  );
}

/** The column called `wanted`. @throws FormatError */
export function namedColumn(columns: readonly string[], wanted: string, where: string): string {
  if (columns.includes(wanted)) return wanted;
  throw new FormatError(
    `"${where}" has no column "${wanted}"; it has ${columns.join(', ')}.`,
    suggestName(wanted, columns),
  );
}

/** The first column that is called by one of the `usual` names, the first of these before the others. */
const usualColumn = (columns: readonly string[], usual: readonly string[]): string | undefined =>
  usual.flatMap((name) => columns.find((column) => folded(column) === folded(name)) ?? [])[0];

/** The column that usually names the person; undefined when none is called so. */
export const usualIdentityColumn = (columns: readonly string[]): string | undefined =>
  usualColumn(columns, identityNames);

/** The column that usually names the file; undefined when none is called so. */
export const usualPathColumn = (columns: readonly string[]): string | undefined => usualColumn(columns, pathNames);

function columnOf(
  columns: readonly string[],
  wanted: string | undefined,
  usual: readonly string[],
  where: string,
  what: string,
  flag: string,
): string {
  if (wanted !== undefined) return namedColumn(columns, wanted, where);
  const found = usualColumn(columns, usual);
  if (found !== undefined) return found;
  throw new FormatError(`No column of "${where}" says ${what}; it has ${columns.join(', ')}.`, [
    `Name it with ${flag}, or call it one of: ${usual.join(', ')}.`,
  ]);
}
