import { isUtf8 } from 'node:buffer';

/** How a table is written down. */
export interface TableForm {
  encoding: TextEncodingName;
  /** Between the columns; several blanks count as one for `blanks`. */
  delimiter: string;
  /** Blanks follow the delimiters, and belong to no cell. */
  spaced: boolean;
  /** Lines before the first record that only tell a program how to read the rest (Excel's `sep=;`). */
  skip: number;
}

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
  const lines = all
    .slice(said === undefined ? 0 : 1)
    .filter((line) => line.trim() !== '')
    .slice(0, LINES);
  const delimiter = said ?? delimiterOf(lines, usual);
  return { delimiter, spaced: isSpaced(lines, delimiter), skip: said === undefined ? 0 : 1 };
}

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
