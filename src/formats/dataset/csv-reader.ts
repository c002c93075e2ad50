import { parse } from 'csv-parse';
import { FormatError } from '../../core/errors.js';
import { streamRegular } from '../../core/regular-file.js';
import { identityColumnOf, pathColumnOf } from './columns.js';
import { fileOf } from './find-files.js';
import { type ListedImage, listReader } from './listed-images.js';
import type { ReadOptions } from './reader.js';

const listOf = (path: string): string | undefined =>
  fileOf(path, /\.(csv|tsv)$/i, 'set.csv') ?? fileOf(path, /\.csv$/i, 'metadata.csv');

/** A table of paths and identities, with a head line; comma or tab between the columns. */
export const csvReader = listReader('csv', listOf, 'is a table that names images and their identities', linesOf);

async function* linesOf(list: string, options: ReadOptions): AsyncGenerator<ListedImage> {
  const delimiter = /\.tsv$/i.test(list) ? '\t' : ',';
  const rows = streamRegular(list).pipe(
    parse({
      columns: true,
      bom: true,
      delimiter,
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: 1 << 20,
    }),
  );
  let columns: { path: string; identity: string } | undefined;
  try {
    for await (const row of rows as AsyncIterable<Record<string, string>>) {
      columns ??= {
        path: pathColumnOf(Object.keys(row), options.pathColumn, list),
        identity: identityColumnOf(Object.keys(row), options.identityColumn, list),
      };
      yield { path: row[columns.path] ?? '', identity: (row[columns.identity] ?? '').trim() };
    }
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError(`"${list}" is not a table: ${(error as Error).message}`);
  }
}
