import { FormatError } from '../../core/errors.js';
import { isImageName } from '../../images/image-name.js';
import { fileOf } from './find-files.js';
import { labelNamesBeside } from './label-names.js';
import { type ListedImage, listReader } from './listed-images.js';
import { textLines } from './text-lines.js';

const listOf = (path: string): string | undefined => fileOf(path, /\.lst$/i, 'set.lst');

/**
 * Lines of a number, a label and a path (MXNet's im2rec), or a flag, a path and a label (insightface), with tabs.
 * A label-map.csv beside the list turns labels into names.
 */
export const lstReader = listReader('lst', listOf, 'is a list of labels and paths', linesOf);

async function* linesOf(list: string): AsyncGenerator<ListedImage> {
  const names = labelNamesBeside(list);
  let number = 0;
  for await (const line of textLines(list)) {
    number++;
    if (line.trim() !== '') yield parseLine(line, `"${list}", line ${number}`, names);
  }
}

const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text));

function parseLine(line: string, where: string, names: (label: unknown) => string): ListedImage {
  const [first, second = '', third = '', ...rest] = line.split('\t');
  const path = [third, ...rest].at(-1)!;
  const isListed = (label: string, file: string): boolean => file !== '' && (isNumber(label) || isImageName(file));
  if (isNumber(first) && isListed(second, path)) return { path, identity: names(second) };
  if (isNumber(first) && isListed(third, second)) return { path: second, identity: names(third) };
  throw new FormatError(`${where}: neither "number, label, path" nor "flag, path, label" with tabs between.`);
}
