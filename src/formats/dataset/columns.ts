import { FormatError } from '../../core/errors.js';
import { suggestName } from '../../core/nearest-name.js';

const identityNames = [
  'identity',
  'person',
  'subject',
  'name',
  'label',
  'class',
  'identity_name',
  'celebrity',
  'id',
  'cls',
];
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
  'src',
];

/** The column that names the identity: the one asked for, or the first that is usually called so. @throws FormatError */
export const identityColumnOf = (columns: readonly string[], wanted: string | undefined, where: string): string =>
  columnOf(columns, wanted, identityNames, where, 'the identity', '--identity-column');

/** The column that names the file, or holds the image. @throws FormatError */
export const pathColumnOf = (columns: readonly string[], wanted: string | undefined, where: string): string =>
  columnOf(columns, wanted, pathNames, where, 'the image', '--path-column');

/** Whose it is, by the usual keys of a metadata record; '' when none says so. */
export function identityIn(record: Record<string, unknown>, wanted: string | undefined): string {
  const keys = wanted ? [wanted] : identityNames;
  const key = keys.find((name) => ['string', 'number', 'bigint'].includes(typeof record[name]));
  return key === undefined ? '' : orNobody(String(record[key]));
}

/** A name exactly as a record has it: blanks round it are part of it, since they are where a folder is called so. '' for blanks alone. */
export const orNobody = (name: string): string => (name.trim() === '' ? '' : name);

function columnOf(
  columns: readonly string[],
  wanted: string | undefined,
  usual: readonly string[],
  where: string,
  what: string,
  flag: string,
): string {
  if (wanted !== undefined) {
    if (columns.includes(wanted)) return wanted;
    throw new FormatError(
      `"${where}" has no column "${wanted}"; it has ${columns.join(', ')}.`,
      suggestName(wanted, columns),
    );
  }
  const found = usual.find((name) => columns.some((column) => column.toLowerCase() === name));
  if (found) return columns.find((column) => column.toLowerCase() === found)!;
  throw new FormatError(`No column of "${where}" says ${what}; it has ${columns.join(', ')}.`, [
    `Name it with ${flag}, or call it one of: ${usual.join(', ')}.`,
  ]);
}
