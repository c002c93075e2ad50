import { StringDecoder } from 'node:string_decoder';
import { FormatError } from '../../core/errors.js';
import { streamRegular } from '../../core/regular-file.js';

/** Most characters of a line: a path and a name are short, and a file without line ends may be of any size. */
const MOST_CHARACTERS = 1 << 20;

/** Lines of a UTF-8 file, which end in `\n`, `\r\n` or `\r`. @throws UnreadableFileError, FormatError when one is too long */
export async function* textLines(file: string): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let [rest, number] = ['', 1];
  for await (const bytes of streamRegular(file) as AsyncIterable<Buffer>) {
    const lines = (rest + decoder.write(bytes)).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!;
    yield* lines;
    number += lines.length;
    if (rest.length > MOST_CHARACTERS)
      throw new FormatError(`"${file}", line ${number}: longer than ${MOST_CHARACTERS} characters, which no list is.`);
  }
  const last = rest + decoder.end();
  if (last !== '') yield last.endsWith('\r') ? last.slice(0, -1) : last;
}
