import { existsSync } from 'node:fs';
import { writeAtomically } from '../core/atomic-write.js';
import { FormatError, PathError } from '../core/errors.js';
import { type TruthRow, truthRowSchema } from '../core/records.js';
import { readGivenText } from '../core/regular-file.js';
import { readCsv, writeCsv } from './csv.js';

const columns = ['path', 'noise', 'true_identity'];

/** Writes `truth.csv`, sorted by path. */
export function writeTruth(file: string, rows: readonly TruthRow[]): void {
  const sorted = [...rows].sort((a, b) => (a.path < b.path ? -1 : 1));
  writeAtomically(file, writeCsv(columns, sorted));
}

/** @throws PathError, FormatError with file and row */
export function readTruth(file: string): TruthRow[] {
  if (!existsSync(file)) throw new PathError(`There is no truth file "${file}".`, ['Check the path after --truth.']);
  return readCsv(readGivenText(file), file).map((row, i) => {
    const parsed = truthRowSchema.safeParse(row);
    if (parsed.success) return parsed.data;
    const { path, message } = parsed.error.issues[0];
    throw new FormatError(`${file}, row ${i + 1}: "${path.join('.')}" ${message}.`, [
      'Expected columns: path,noise,true_identity; noise is none, open, closed or nonface.',
    ]);
  });
}
