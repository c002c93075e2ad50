const NUMBER = /^[+-]?\d[\d.,]*(e[+-]?\d+)?\s?%?$/i;

const widthOf = (text: string): number => [...text].length;

/**
 * Plain-text table: columns two spaces apart, a line of dashes under the headers, no blanks at line ends. A column
 * whose every filled cell is a number is set flush right. Width counts code points.
 * @param rows each as long as `headers` @returns lines without a final newline
 */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = headers.map((header, c) => {
    const cells = rows.map((row) => row[c]);
    return { width: Math.max(widthOf(header), ...cells.map(widthOf)), numeric: isNumeric(cells) };
  });
  const lineOf = (cells: readonly string[]): string =>
    cells
      .map((cell, c) => pad(cell, columns[c].width, columns[c].numeric))
      .join('  ')
      .trimEnd();
  const dashes = columns.map(({ width }) => '-'.repeat(width));
  return [headers, dashes, ...rows].map(lineOf).join('\n');
}

function isNumeric(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell !== '' && cell !== '-');
  return filled.length > 0 && filled.every((cell) => NUMBER.test(cell));
}

function pad(cell: string, width: number, right: boolean): string {
  const blanks = ' '.repeat(width - widthOf(cell));
  return right ? blanks + cell : cell + blanks;
}
