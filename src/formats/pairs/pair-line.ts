import { isImageName } from '../../images/image-name.js';
import { sameMeanings } from './same-column.js';

/** An image of a list of pairs: by its path, or as LFW has it, by a name and a number. */
export type NamedImage = { path: string } | { name: string; number: string };

export interface NamedPair {
  first: NamedImage;
  second: NamedImage;
  same: boolean;
}

const number = /^\d+$/;
/** An image's path at the start of a text, blanks in it or not. */
const PATH = String.raw`\S.*?\.(?:jpe?g|jpe|jfif|png|webp|bmp|tiff?|pgm|ppm|gif)`;
const pathsThenLabel = new RegExp(`^(${PATH})[\\s,;]+(${PATH})[\\s,;]+(\\S+)$`, 'i');
const labelThenPaths = new RegExp(`^(\\S+?)[\\s,;]+(${PATH})[\\s,;]+(${PATH})$`, 'i');
/** LFW's lines with blanks between; names may hold blanks too. */
const sameNumbers = /^(.+?)\s+(\d+)\s+(\d+)$/;
const otherNumbers = /^(.+?)\s+(\d+)\s+(\S.*?)\s+(\d+)$/;

/** Cells of a line, divided by tabs, or else commas or semicolons, or else blanks; none of them empty. */
export function cellsOf(line: string): string[] {
  const between = ['\t', ',', ';'].find((mark) => line.includes(mark)) ?? /\s+/;
  return line
    .split(between)
    .map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
    .filter((cell) => cell !== '');
}

/**
 * The pair that a line of a list names: `NAME n1 n2`, `NAME1 n1 NAME2 n2`, `path path label` or `label path path`; divided
 * by tabs, commas, semicolons or blanks. Undefined when it is none of these.
 */
export function pairOfLine(line: string): NamedPair | undefined {
  const cells = cellsOf(line);
  return numbered(cells) ?? withPaths(cells) ?? spacedPaths(line.trim()) ?? spacedNumbers(line.trim());
}

function numbered(cells: readonly string[]): NamedPair | undefined {
  const [a, b, c, d] = cells;
  if (cells.length === 3 && number.test(b) && number.test(c) && !isImageName(a))
    return { first: { name: a, number: b }, second: { name: a, number: c }, same: true };
  if (cells.length === 4 && number.test(b) && number.test(d))
    return { first: { name: a, number: b }, second: { name: c, number: d }, same: false };
  return undefined;
}

const isPath = (cell: string): boolean => isImageName(cell) || /[\\/]/.test(cell);
const meaning = (cell: string): boolean | undefined => sameMeanings[cell.trim().toLowerCase()];

function pathPair(first: string, second: string, label: string): NamedPair | undefined {
  const same = meaning(label);
  return same === undefined ? undefined : { first: { path: first }, second: { path: second }, same };
}

function withPaths(cells: readonly string[]): NamedPair | undefined {
  if (cells.length !== 3) return undefined;
  const [a, b, c] = cells;
  if (isPath(a) && isPath(b)) return pathPair(a, b, c);
  return isPath(b) && isPath(c) ? pathPair(b, c, a) : undefined;
}

function spacedPaths(line: string): NamedPair | undefined {
  const last = pathsThenLabel.exec(line);
  const pair = last && pathPair(last[1], last[2], last[3]);
  if (pair) return pair;
  const first = labelThenPaths.exec(line);
  return (first && pathPair(first[2], first[3], first[1])) ?? undefined;
}

function spacedNumbers(line: string): NamedPair | undefined {
  if (/[\t,;]/.test(line)) return undefined;
  const same = sameNumbers.exec(line);
  const other = otherNumbers.exec(line);
  if (other && !number.test(other[3])) return numbered(other.slice(1));
  return same ? numbered(same.slice(1)) : undefined;
}
