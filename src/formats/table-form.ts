import { isUtf8 } from 'node:buffer';

/** How a table is written down. */
export interface TableForm {
  encoding: TextEncodingName;
  /** Between the columns; several blanks count as one for `blanks`. */
  delimiter: string;
  /** Blanks follow the delimiters, and belong to no cell. */
  spaced: boolean;
  /** Lines before the table: Excel's `sep=;`, comments, and a number that only counts the rows. */
  skip: number;
  /** What stands round cells; blanks divide a list of names, in which a quote is a letter. */
  quote: '"' | "'" | null;
}

/** How csv-parse reads a table of this form. */
export const parseOptionsOf = ({ delimiter, spaced, skip, quote }: TableForm | Omit<TableForm, 'encoding'>) => ({
  bom: true,
  ...{ delimiter, quote },
  ...{ ltrim: spaced, rtrim: spaced },
  from_line: skip + 1,
  skip_empty_lines: true,
  relax_column_count: true,
  relax_quotes: true,
});

export type TextEncodingName = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Bytes of a file from which its form is told. */
export const FORM_BYTES = 1 << 16;

const DELIMITERS = [',', '\t', ';', '|'];
/** Lines that are looked at. */
const LINES = 50;

/** In which encoding bytes hold text: by their mark, by the zeros of UTF-16, or else UTF-8 where they are that. */
export function encodingOf(head: Uint8Array): TextEncodingName {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const pairs = Math.min(head.length, 512) >> 1;
  const zeros = (from: number): number => {
    let count = 0;
    for (let i = 0; i < pairs; i++) if (head[2 * i + from] === 0) count++;
    return count;
  };
  if (pairs > 2 && zeros(1) > 0.7 * pairs) return 'utf-16le';
  if (pairs > 2 && zeros(0) > 0.7 * pairs) return 'utf-16be';
  return isUtf8Beginning(head) ? 'utf-8' : 'windows-1252';
}

/** A beginning that is not all of a file may end within a letter. */
const isUtf8Beginning = (head: Uint8Array): boolean =>
  (head.length < FORM_BYTES ? [0] : [0, 1, 2, 3]).some(
    (cut) => head.length >= cut && isUtf8(head.subarray(0, head.length - cut)),
  );

/** Text of bytes, without a byte order mark. */
export const decodeText = (
  bytes: Uint8Array,
  encoding: TextEncodingName = encodingOf(bytes.subarray(0, FORM_BYTES)),
): string => new TextDecoder(encoding).decode(bytes);

/** The form of a table by its beginning. @param usual the delimiter when nothing tells it, as for one column */
export function tableFormOf(head: Uint8Array, usual = ','): TableForm {
  const encoding = encodingOf(head);
  return { encoding, ...formOfText(decodeText(head, encoding), usual) };
}

/** As {@link tableFormOf}, of text. */
export function formOfText(text: string, usual = ','): Omit<TableForm, 'encoding'> {
  const all = text.slice(0, FORM_BYTES).split(/\r\n|\n|\r/);
  if (all.length > 1 && text.length >= FORM_BYTES) all.pop(); // it may be cut
  const said = /^sep=(.)$/i.exec(all[0]?.replace(/^\uFEFF/, '').trim() ?? '')?.[1];
  const first = said === undefined ? 0 : 1;
  const isBlank = (line: string): boolean => line.trim() === '';
  const looked = all.slice(first, first + LINES);
  const delimiter =
    said ??
    delimiterOf(
      looked.filter((line) => !isBlank(line) && !/^\uFEFF?#/.test(line)),
      usual,
    );
  const before = linesBefore(looked, delimiter);
  const lines = looked.slice(before).filter((line) => !isBlank(line));
  const quote = delimiter === ' ' ? null : isApostrophed(lines[0] ?? '', delimiter) ? "'" : '"';
  return { delimiter, spaced: isSpaced(lines, delimiter), skip: first + before, quote };
}

/** Words in the name of a column: a comment has more. */
const MOST_WORDS = 2;

/** Lines at the head that are no rows: comments with other cells than the table, and a number of rows alone. */
function linesBefore(lines: readonly string[], delimiter: string): number {
  const cells = (line: string): number => outside(line, delimiter).length;
  const table = lines.findIndex((line) => line.trim() !== '' && !/^\uFEFF?(#|\d+\s*$)/.test(line));
  if (table <= 0) return 0;
  const isHead = (line: string): boolean =>
    cells(line) === cells(lines[table]) &&
    cells(line) > 0 &&
    line.split(delimiter).every((cell) => cell.replace(/^\W+/, '').trim().split(/\s+/).length <= MOST_WORDS);
  return lines.slice(0, table).some(isHead) ? lines.findIndex(isHead) : table;
}

/** Do apostrophes stand round every cell, as Python writes lists of words? */
const isApostrophed = (line: string, delimiter: string): boolean =>
  line.split(delimiter).every((cell) => /^\s*'.*'\s*$/.test(cell));

/** The delimiter that divides the first line, and the others into as many cells most often. */
function delimiterOf(lines: readonly string[], usual: string): string {
  const scores = DELIMITERS.map((delimiter) => {
    const counts = lines.map((line) => outside(line, delimiter).length);
    if ((counts[0] ?? 0) === 0) return 0;
    return counts.filter((count) => count === counts[0]).length / counts.length;
  });
  const best = Math.max(...scores);
  if (best === 0) return usual;
  return scores[DELIMITERS.indexOf(usual)] === best ? usual : DELIMITERS[scores.indexOf(best)];
}

/** Places of `delimiter` in a line that stand outside of quotes. */
function outside(line: string, delimiter: string): number[] {
  const places: number[] = [];
  let quoted = false;
  for (let i = 0; i < line.length; i++)
    if (line[i] === '"') quoted = !quoted;
    else if (!quoted && line[i] === delimiter) places.push(i);
  return places;
}

function isSpaced(lines: readonly string[], delimiter: string): boolean {
  if (delimiter === '\t') return false;
  const after = lines.flatMap((line) => outside(line, delimiter).map((place) => line[place + 1]));
  return after.length > 0 && after.every((letter) => letter === ' ' || letter === undefined);
}
