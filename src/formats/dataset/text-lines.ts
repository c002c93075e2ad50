import { FormatError } from '../../core/errors.js';
import { readBeginning, streamRegular } from '../../core/regular-file.js';
import { encodingOf, FORM_BYTES } from '../table-form.js';

/** Most characters of a line: a path and a name are short, and a file without line ends may be of any size. */
const MOST_CHARACTERS = 1 << 20;

/** Text of a file piece by piece, in whichever encoding it is, without a byte order mark. @throws UnreadableFileError */
export async function* textPieces(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encodingOf(readBeginning(file, FORM_BYTES)));
  for await (const bytes of streamRegular(file) as AsyncIterable<Buffer>) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

/** Lines of a text file, which end in `\n`, `\r\n` or `\r`. @throws UnreadableFileError, FormatError when one is too long */
export async function* textLines(file: string): AsyncGenerator<string> {
  let [rest, number] = ['', 1];
  for await (const piece of textPieces(file)) {
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!;
    yield* lines;
    number += lines.length;
    if (rest.length > MOST_CHARACTERS)
      throw new FormatError(`"${file}", line ${number}: longer than ${MOST_CHARACTERS} characters, which no list is.`);
  }
  if (rest !== '') yield rest.endsWith('\r') ? rest.slice(0, -1) : rest;
}
