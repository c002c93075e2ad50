import { visibleText } from './visible-text.js';

const NUMBER = /^[+-]?\d[\d.,]*(e[+-]?\d+)?\s?%?$/i;

/** Cells are shown by {@link visibleText} in the end: that is what has a width. */
const widthOf = (text: string): number => [...visibleText(text)].length;

/**
 * Plain-text table: columns two spaces apart, a line of dashes under the headers, no blanks at line ends. A column
 * whose every filled cell is a number is set flush right. Width counts code points of what is shown.
 * @param rows each as long as `headers`
 * @returns one text a line; what cannot be seen in a cell is still in it, and is escaped where the line is printed
 */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const columns = headers.map((header, c) => {
    const cells = rows.map((row) => row[c]);
    const width = cells.reduce((most, cell) => Math.max(most, widthOf(cell)), widthOf(header));
    return { width, numeric: isNumeric(cells) };
  });
  const lineOf = (cells: readonly string[]): string =>
    cells
      .map((cell, c) => pad(cell, columns[c].width, columns[c].numeric))
      .join('  ')
      .replace(/ +$/, '');
  const dashes = columns.map(({ width }) => '-'.repeat(width));
  return [headers, dashes, ...rows].map(lineOf);
}

function isNumeric(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell !== '' && cell !== '-');
  return filled.length > 0 && filled.every((cell) => NUMBER.test(cell));
}

function pad(cell: string, width: number, right: boolean): string {
  const blanks = ' '.repeat(width - widthOf(cell));
  return right ? blanks + cell : cell + blanks;
}

/** Returns the lines of all `parts` that have any, with an empty line between two parts. */
export const paragraphs = (parts: readonly (readonly string[])[]): string[] =>
  parts.filter((part) => part.length > 0).flatMap((part, i) => (i === 0 ? part : ['', ...part]));
