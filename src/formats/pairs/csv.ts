import { existsSync } from 'node:fs';
import { z } from 'zod';
import { readBeginning } from '../../core/regular-file.js';
import { decodeText, FORM_BYTES, formOfText } from '../table-form.js';
import { checkedRows } from './checked-rows.js';
import { ListedFiles } from './listed-files.js';
import { pairOfLine } from './pair-line.js';
import type { PairReader } from './pair-reader.js';
import { sameColumn } from './same-column.js';

const rowSchema = z.object({ path1: z.string().min(1), path2: z.string().min(1), same: sameColumn });

/** What others call the columns. */
const synonyms: Readonly<Record<keyof typeof rowSchema.shape, readonly string[]>> = {
  path1: [
    'path1',
    'path_1',
    'image1',
    'image_1',
    'img1',
    'img_1',
    'file1',
    'file_1',
    'filename1',
    'file_x',
    'first',
    'left',
    'path_a',
    'image_a',
  ],
  path2: [
    'path2',
    'path_2',
    'image2',
    'image_2',
    'img2',
    'img_2',
    'file2',
    'file_2',
    'filename2',
    'file_y',
    'second',
    'right',
    'path_b',
    'image_b',
  ],
  same: [
    'same',
    'issame',
    'is_same',
    'same_person',
    'label',
    'target',
    'match',
    'decision',
    'actual',
    'y',
    'is_genuine',
  ],
};

/** Our name of a column that somebody called `column`. */
const columnOf = (column: string): string => {
  const name = column.trim().toLowerCase();
  return Object.entries(synonyms).find(([, names]) => names.includes(name))?.[0] ?? column;
};

/** The first line of a file, if it is text. */
function firstLine(file: string): string {
  if (!existsSync(file)) return '';
  return decodeText(readBeginning(file, FORM_BYTES)).split(/\r\n|\n|\r/)[0];
}

/** A table with the columns path1,path2,same, or as others call them. */
export const csvPairs: PairReader = {
  name: 'csv',
  reads({ file }) {
    if (/^\/(dev|proc)\//.test(file)) return true; // a pipe is read once
    const line = firstLine(file);
    const { delimiter } = formOfText(line);
    const columns = line.split(delimiter).map((column) => columnOf(column.replace(/"/g, '')));
    if (columns.includes('path1') || columns.includes('path2')) return true;
    return !/\.(txt|lst|list)$/i.test(file) && !isListOfPairs(file);
  },
  read({ file, roots }) {
    const files = new ListedFiles(roots);
    const pairs = checkedRows(file, rowSchema, columnOf).map(({ row: { path1, path2, same }, place }) => ({
      first: files.rowAt([path1, path1.replaceAll('\\', '/')], place),
      second: files.rowAt([path2, path2.replaceAll('\\', '/')], place),
      same,
    }));
    return Promise.resolve({ images: files.images, pairs });
  },
};

/** Is one of a file's first two lines a pair already? */
function isListOfPairs(file: string): boolean {
  if (!existsSync(file)) return false;
  const lines = decodeText(readBeginning(file, FORM_BYTES)).split(/\r\n|\n|\r/);
  return lines.slice(0, 2).some((line) => pairOfLine(line) !== undefined);
}
