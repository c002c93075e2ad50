import { FormatError } from '../../core/errors.js';
import { namedColumn } from '../dataset/columns.js';
import { openParquet } from '../dataset/parquet-rows.js';
import type { EmbeddingFormat, StoredFeatures } from './embedding-format.js';

/** Usual names of a column of features. */
const usual = ['embedding', 'embeddings', 'feature', 'features', 'vector', 'vectors', 'emb'];

/** Parquet: a column of lists of numbers, one list per image. */
export const parquetFormat: EmbeddingFormat = {
  name: 'parquet',
  endings: ['.parquet'],
  async read(file, wanted): Promise<StoredFeatures> {
    const parquet = await openParquet(file);
    const column = columnOf(parquet.columns, wanted, file);
    const rows: Float32Array[] = [];
    for await (const row of parquet.rows([column])) rows.push(numbersIn(row[column], file, column, rows));
    const dimensions = rows[0]?.length ?? 0;
    const data = new Float32Array(rows.length * dimensions);
    rows.forEach((row, r) => data.set(row, r * dimensions));
    return { data, rows: rows.length, dimensions };
  },
};

function columnOf(columns: readonly string[], wanted: string | undefined, file: string): string {
  if (wanted !== undefined) return namedColumn(columns, wanted, file);
  const found = usual.find((name) => columns.includes(name));
  if (found !== undefined) return found;
  throw new FormatError(`No column of "${file}" is known to hold features; it has ${columns.join(', ')}.`, [
    'Name the column: --column NAME',
  ]);
}

function numbersIn(value: unknown, file: string, column: string, before: readonly Float32Array[]): Float32Array {
  const row = before.length;
  const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
  if (!isList)
    throw new FormatError(`Row ${row} of column "${column}" of "${file}" is not a list of numbers.`, [
      'A column of features holds one list of numbers per image.',
    ]);
  const numbers = Float32Array.from(value as ArrayLike<number>, (item) => (item === null ? NaN : Number(item)));
  if (row > 0 && numbers.length !== before[0].length)
    throw new FormatError(
      `Row ${row} of column "${column}" of "${file}" has ${numbers.length} numbers; the first row has ${before[0].length}.`,
    );
  return numbers;
}
