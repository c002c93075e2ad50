import { EmptyInputError, FormatError } from '../../core/errors.js';
import { readGiven, MOST_TEXT_BYTES } from '../../core/regular-file.js';
import type { RowPair } from '../../metrics/pair-set.js';
import { decodeText } from '../table-form.js';
import { ListedFiles } from './listed-files.js';
import { cellsOf, type NamedImage, pairOfLine } from './pair-line.js';
import type { PairReader } from './pair-reader.js';

const ENDINGS = ['jpg', 'jpeg', 'png', 'JPG', 'JPEG', 'PNG', 'bmp', 'webp', 'pgm', 'ppm', 'tif'];

interface Header {
  folds: number | null;
  /** Pairs of each kind, in each fold; null when nothing promises it. */
  each: number | null;
}

/**
 * Lists of a pair a line: LFW's pairs.txt (a header `10 300`, folds and pairs of each kind in a fold, or `1100`, pairs of
 * each kind; then `NAME n1 n2` for the same person and `NAME1 n1 NAME2 n2` for two, where the image is NAME/NAME_0001.jpg),
 * Kaggle's copies of it with commas, and lists of two paths and whether they are the same person. Without folds the two
 * kinds may lie one after the other; they are taken in turn, so that contiguous folds hold both.
 */
export const pairList: PairReader = {
  name: 'pairs.txt',
  reads: () => true,
  read({ file, roots }) {
    const lines = decodeText(readGiven(file, MOST_TEXT_BYTES))
      .split(/\r\n|\n|\r/)
      .map((text, i) => ({ text, place: `${file}:${i + 1}` }))
      .filter(({ text }) => text.trim() !== '');
    const { header, rows } = withoutHeader(lines, file);
    const { folds, each } = header;
    if (each !== null && rows.length !== (folds ?? 1) * 2 * each)
      throw new FormatError(
        `"${file}" holds ${rows.length} pairs; its header promises ${(folds ?? 1) * 2 * each} (${each} of each kind` +
          `${folds === null ? '' : ` in each of ${folds} folds`}).`,
      );
    const files = new ListedFiles(roots);
    const pairs = rows.map(({ text, place }) => pairAt(text, place, files));
    if (pairs.length === 0) throw new EmptyInputError(`"${file}" holds no pairs.`);
    return Promise.resolve({ images: files.images, pairs: folds === null ? inTurn(pairs) : pairs });
  },
};

interface Line {
  text: string;
  place: string;
}

/** The first line tells how many pairs come, or names the columns, or is a pair already. */
function withoutHeader(lines: readonly Line[], file: string): { header: Header; rows: readonly Line[] } {
  const none: Header = { folds: null, each: null };
  const first = lines[0]?.text ?? '';
  if (pairOfLine(first)) return { header: none, rows: lines };
  const numbers = cellsOf(first).map(Number);
  const isHeader =
    (numbers.length === 1 || numbers.length === 2) && numbers.every((value) => Number.isInteger(value) && value > 0);
  const [a, b] = numbers;
  if (isHeader)
    return { header: b === undefined ? { folds: null, each: a } : { folds: a, each: b }, rows: lines.slice(1) };
  if (lines.length > 1 && cellsOf(first).length > 1 && pairOfLine(lines[1].text))
    return { header: none, rows: lines.slice(1) };
  throw new FormatError(
    `"${file}" is not a pairs.txt, nor a list of pairs of paths: its first line is ${JSON.stringify(first.slice(0, 80))}.`,
    [
      'Expected "10 300" (folds, pairs of each kind in a fold), "1100" (pairs of each kind), or a pair: "NAME n1 n2", "NAME1 n1 NAME2 n2" or "path path 1".',
      'Or a CSV with the columns path1,path2,same.',
    ],
  );
}

function pairAt(text: string, place: string, files: ListedFiles): RowPair {
  const pair = pairOfLine(text);
  if (!pair) throw new FormatError(`${place}: ${whyNoPair(text)}`);
  return { first: rowOf(pair.first, place, files), second: rowOf(pair.second, place, files), same: pair.same };
}

function whyNoPair(text: string): string {
  const cells = cellsOf(text);
  const wrong = cells.length === 4 ? [cells[1], cells[3]].find((cell) => !/^\d+$/.test(cell)) : undefined;
  if (wrong !== undefined) return `"${wrong}" is not the number of an image.`;
  return 'a pair is "NAME n1 n2", "NAME1 n1 NAME2 n2" or two paths and 1 or 0.';
}

function rowOf(image: NamedImage, place: string, files: ListedFiles): number {
  if ('path' in image) return files.rowAt([image.path, image.path.replaceAll('\\', '/')], place);
  const { name, number } = image;
  const stems = [`${name}/${name}_${number.padStart(4, '0')}`];
  if (name.includes(' ')) stems.push(stems[0].replaceAll(' ', '_'));
  return files.rowAt(
    stems.flatMap((stem) => ENDINGS.map((ending) => `${stem}.${ending}`)),
    place,
    name,
  );
}

/** One of each kind in turn, where there are as many of both; else in their own order. */
function inTurn(pairs: readonly RowPair[]): RowPair[] {
  const genuine = pairs.filter(({ same }) => same);
  const impostor = pairs.filter(({ same }) => !same);
  if (genuine.length !== impostor.length) return [...pairs];
  return genuine.flatMap((pair, i) => [pair, impostor[i]]);
}
