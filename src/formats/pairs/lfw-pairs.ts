import { FormatError } from '../../core/errors.js';
import { readGivenText } from '../../core/regular-file.js';
import { ListedFiles } from './listed-files.js';
import type { RowPair } from '../../metrics/pair-set.js';
import type { PairReader } from './pair-reader.js';

const ENDINGS = ['jpg', 'jpeg', 'png'];

/**
 * LFW's pairs.txt: a header `10 300` (folds, and pairs of each kind in a fold) or `1100` (pairs of each kind), then
 * `NAME n1 n2` for the same person and `NAME1 n1 NAME2 n2` for two; the image is NAME/NAME_0001.jpg. Without folds the
 * two kinds lie one after the other; they are taken in turn, so that contiguous folds hold both.
 */
export const lfwPairs: PairReader = {
  name: 'pairs.txt',
  reads: ({ file }) => file.endsWith('.txt'),
  read({ file, roots }) {
    const lines = readGivenText(file)
      .split(/\r?\n/)
      .map((text, i) => ({ words: text.trim().split(/\s+/), place: `${file}:${i + 1}` }))
      .filter(({ words }) => words[0] !== '');
    const { folds, each } = headerOf(lines[0]?.words ?? [], file);
    const rows = lines.slice(1);
    if (rows.length !== (folds ?? 1) * 2 * each)
      throw new FormatError(
        `"${file}" holds ${rows.length} pairs; its header promises ${(folds ?? 1) * 2 * each} (${each} of each kind` +
          `${folds === null ? '' : ` in each of ${folds} folds`}).`,
      );
    const files = new ListedFiles(roots);
    const pairs = rows.map(({ words, place }) => pairOf(words, place, files));
    return Promise.resolve({ images: files.images, pairs: folds === null ? inTurn(pairs) : pairs });
  },
};

function headerOf(words: readonly string[], file: string): { folds: number | null; each: number } {
  const numbers = words.map(Number);
  if ((words.length !== 1 && words.length !== 2) || !numbers.every((value) => Number.isInteger(value) && value > 0))
    throw new FormatError(`"${file}" is not a pairs.txt: its first line is not two numbers, or one.`, [
      'Expected "10 300" (folds, pairs of each kind in a fold) or "1100" (pairs of each kind); a CSV must end in .csv.',
    ]);
  return numbers.length === 2 ? { folds: numbers[0], each: numbers[1] } : { folds: null, each: numbers[0] };
}

function pairOf(words: readonly string[], place: string, files: ListedFiles): RowPair {
  const imageOf = (name: string, number: string): number => {
    if (!/^\d+$/.test(number)) throw new FormatError(`${place}: "${number}" is not the number of an image.`);
    const stem = `${name}/${name}_${number.padStart(4, '0')}`;
    return files.rowAt(
      ENDINGS.map((ending) => `${stem}.${ending}`),
      place,
      name,
    );
  };
  if (words.length === 3)
    return { first: imageOf(words[0], words[1]), second: imageOf(words[0], words[2]), same: true };
  if (words.length === 4)
    return { first: imageOf(words[0], words[1]), second: imageOf(words[2], words[3]), same: false };
  throw new FormatError(`${place}: a pair is "NAME n1 n2" or "NAME1 n1 NAME2 n2".`);
}

function inTurn(pairs: readonly RowPair[]): RowPair[] {
  const genuine = pairs.filter(({ same }) => same);
  const impostor = pairs.filter(({ same }) => !same);
  return genuine.flatMap((pair, i) => [pair, impostor[i]]);
}
