import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { EmptyInputError, FormatError, PathError } from '../core/errors.js';
import { readCsv } from '../report/csv.js';

const answers: Record<string, boolean> = { '1': true, true: true, '0': false, false: false };
const rowSchema = z.object({
  path1: z.string().min(1),
  path2: z.string().min(1),
  same: z
    .string()
    .transform((text) => text.trim().toLowerCase())
    .refine((text) => text in answers, 'must be 1, 0, true or false'),
});

export interface FilePair {
  first: string;
  second: string;
  same: boolean;
}

/**
 * Pairs of image files from a CSV with the columns path1,path2,same; paths are absolute, or relative to the CSV's
 * folder, or to `source`. @throws PathError, FormatError, EmptyInputError
 */
export function readPairs(file: string, source: string | undefined): FilePair[] {
  if (!existsSync(file)) throw new PathError(`There is no pairs file "${file}".`, ['Check the path after --pairs.']);
  const roots = [dirname(file), ...(source ? [source] : [])];
  const pairs = readCsv(readFileSync(file, 'utf8'), file).map((row, i) => {
    const parsed = rowSchema.safeParse(row);
    if (!parsed.success)
      throw new FormatError(
        `${file}, row ${i + 1}: ${parsed.error.issues[0].path.join('.')} ${parsed.error.issues[0].message}.`,
        ['Expected columns: path1,path2,same.'],
      );
    const { path1, path2, same } = parsed.data;
    const place = `${file}, row ${i + 1}`;
    return { first: locate(path1, roots, place), second: locate(path2, roots, place), same: answers[same] };
  });
  if (pairs.length === 0) throw new EmptyInputError(`"${file}" holds no pairs.`);
  return pairs;
}

function locate(path: string, roots: readonly string[], place: string): string {
  const found = (isAbsolute(path) ? [path] : roots.map((root) => join(root, path))).find((file) => existsSync(file));
  if (found) return found;
  throw new PathError(`${place}: there is no image "${path}".`, [`Looked in ${roots.join(' and ')}.`]);
}
