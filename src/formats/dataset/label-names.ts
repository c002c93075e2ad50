import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { FormatError } from '../../core/errors.js';
import { classNumberOf, personOf } from './person-label.js';
import { MOST_TEXT_BYTES, readRegular } from '../../core/regular-file.js';

/** Digits of a label that has no name: names sort as labels do. */
const DIGITS = 7;

/**
 * Names of numbered labels, from a label-map.csv (`identity`, `new_label`) in the folder of `file`; else the number. A label
 * that is no number is a name itself; one that names nobody gives ''.
 */
export function labelNamesBeside(file: string): (label: unknown) => string {
  const rows = labelMapIn(dirname(file)).filter(({ identity, new_label }) => identity && new_label);
  const names = new Map(rows.map(({ identity, new_label }) => [Number(new_label), identity]));
  return (label) => {
    const number = classNumberOf(label);
    if (number === undefined) return typeof label === 'number' ? '' : personOf(label).trim();
    return names.get(number) ?? String(number).padStart(DIGITS, '0');
  };
}

/** Identities of the folders in `root`, from its label-map.csv (`identity`, `folder`); else the folder's name. */
export function identitiesOfFolders(root: string): (folder: string) => string {
  const rows = labelMapIn(root).filter(({ identity, folder }) => identity && folder);
  const names = new Map(rows.map(({ identity, folder }) => [folder, identity]));
  return (folder) => names.get(folder) ?? folder;
}

/** @throws FormatError */
function labelMapIn(folder: string): Record<string, string>[] {
  const file = join(folder, 'label-map.csv');
  if (!existsSync(file)) return [];
  const bytes = readRegular(file, MOST_TEXT_BYTES);
  try {
    return parse(bytes, { columns: true, relax_column_count: true }) as Record<string, string>[];
  } catch (error) {
    throw new FormatError(`"${file}" is not a table: ${(error as Error).message}`, ['Mend it, or move it away.']);
  }
}
