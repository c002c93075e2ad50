import { FormatError } from '../../core/errors.js';
import { isImageName } from '../../images/image-name.js';
import { labelNamesBeside } from './label-names.js';
import { type ListedImage, listReader, listsIn } from './listed-images.js';
import { textLines } from './text-lines.js';

const listsOf = (path: string): string[] => listsIn(path, /\.lst$/i, ['set.lst']);

/**
 * Lines of a number, a label and a path (MXNet's im2rec), a flag, a path and a label (insightface), or a path and a label,
 * with tabs, or with blanks where there are no tabs. A label-map.csv beside the list turns labels into names.
 */
export const lstReader = listReader('lst', listsOf, 'is a list of labels and paths', linesOf);

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
  const cells = line.includes('\t') ? line.split('\t') : blankCells(line.trim());
  const [first, second = '', third = '', ...rest] = cells;
  if (cells.length === 2 && isImageName(first) && second !== '') return { path: first, identity: names(second) };
  const path = [third, ...rest].at(-1)!;
  const isListed = (label: string, file: string): boolean => file !== '' && (isNumber(label) || isImageName(file));
  if (isNumber(first) && isListed(second, path)) return { path, identity: names(second) };
  if (isNumber(first) && isListed(third, second)) return { path: second, identity: names(third) };
  throw new FormatError(
    `${where}: neither "number, label, path" nor "flag, path, label" nor "path, label" with tabs between.`,
  );
}

/** Cells of a line without tabs: of a number, a label and a path in which blanks may stand, or of a path and a label. */
function blankCells(line: string): string[] {
  const numbered = /^(\d+)\s+(\S+)\s+(\S.*)$/.exec(line);
  return (numbered ?? /^(\S.*?)\s+(\S+)$/.exec(line) ?? [line]).slice(1);
}
