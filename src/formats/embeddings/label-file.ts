import { extname } from 'node:path';
import { FormatError } from '../../core/errors.js';
import { readGivenText } from '../../core/regular-file.js';
import { readCsv } from '../csv.js';
import { identityColumnOf, namedColumn, usualPathColumn } from '../dataset/columns.js';
import { cellText, openParquet } from '../dataset/parquet-rows.js';

/** Labels in the order of the features, and what each image is called, where the file says it. */
export interface StoredLabels {
  labels: string[];
  paths?: string[];
}

/**
 * Reads labels from a text file (one per line), a CSV file or a parquet file (columns as those of a source: `path`,
 * `identity`, or what they are usually called).
 *
 * @throws FormatError if no column says the identity, or a label is empty
 * @throws UnreadableFileError if it cannot be opened
 */
export async function readLabels(file: string, identityColumn?: string, pathColumn?: string): Promise<StoredLabels> {
  const ending = extname(file).toLowerCase();
  const read =
    ending === '.parquet'
      ? fromRecords(await recordsOf(file), file, identityColumn, pathColumn)
      : ending === '.csv'
        ? fromRecords(readCsv(readGivenText(file), file), file, identityColumn, pathColumn)
        : { labels: linesOf(readGivenText(file)) };
  if (read.labels.length === 0) throw new FormatError(`"${file}" holds no label.`);
  const empty = read.labels.findIndex((label) => label.trim() === '');
  if (empty >= 0)
    throw new FormatError(`Label ${empty + 1} of "${file}" is empty.`, [
      'Give one identity per row of the features, in the same order.',
    ]);
  return { ...read, labels: read.labels.map((label) => label.trim()) };
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

async function recordsOf(file: string): Promise<Record<string, string>[]> {
  const parquet = await openParquet(file);
  const wanted = parquet.columns.filter((name) => !/^(embeddings?|features?|vectors?|emb)$/.test(name));
  const records: Record<string, string>[] = [];
  for await (const row of parquet.rows(wanted))
    records.push(Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cellText(value)])));
  return records;
}

function fromRecords(
  records: readonly Record<string, string>[],
  file: string,
  identityColumn: string | undefined,
  pathColumn: string | undefined,
): StoredLabels {
  if (records.length === 0) return { labels: [] };
  const columns = Object.keys(records[0]);
  const identity = identityColumnOf(columns, identityColumn, file);
  const labels = records.map((record) => record[identity]);
  const path = pathColumn === undefined ? usualPathColumn(columns) : namedColumn(columns, pathColumn, file); // or rows are numbered
  return path === undefined ? { labels } : { labels, paths: records.map((record) => record[path]) };
}
