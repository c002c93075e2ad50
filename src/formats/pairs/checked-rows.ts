import { existsSync } from 'node:fs';
import type { z } from 'zod';
import { EmptyInputError, FormatError, PathError } from '../../core/errors.js';
import { MOST_TEXT_BYTES, readGiven } from '../../core/regular-file.js';
import { readCsvLines } from '../csv.js';
import { decodeText } from '../table-form.js';

/**
 * Rows of a CSV as `schema` has them, each with its place for errors.
 * @param nameOf the schema's name of a column @throws PathError, FormatError, EmptyInputError
 */
export function checkedRows<T extends z.ZodObject>(
  file: string,
  schema: T,
  nameOf: (column: string) => string = (column) => column,
): { row: z.infer<T>; place: string }[] {
  if (!existsSync(file)) throw new PathError(`There is no file "${file}".`, ['Check the path.']);
  const text = decodeText(readGiven(file, MOST_TEXT_BYTES));
  const expected = [`Expected columns: ${Object.keys(schema.shape).join(',')}.`];
  if (text.includes('\0'))
    throw new FormatError(`"${file}" is not a CSV: it contains bytes that are not text.`, expected);
  const lines = readCsvLines(text, file).map(({ line, values }) => ({
    line,
    values: Object.fromEntries(Object.entries(values).map(([column, value]) => [nameOf(column), value])),
  }));
  if (lines.length === 0) throw new EmptyInputError(`"${file}" holds no rows.`);
  const missing = Object.entries(schema.shape).find(
    ([column, type]) => !(column in lines[0].values) && !(type as z.ZodType).safeParse(undefined).success,
  );
  if (missing) throw new FormatError(`"${file}" has no column "${missing[0]}".`, expected);
  return lines.map(({ line, values }) => {
    const place = `${file}:${line}`;
    const parsed = schema.safeParse(values);
    if (parsed.success) return { row: parsed.data, place };
    const [{ path, message }] = parsed.error.issues;
    throw new FormatError(`${place}: ${path.join('.')} ${message}.`, expected);
  });
}
