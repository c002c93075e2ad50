/**
 * Characters that a reader cannot see, or that turn the text around them: control characters (C0, DEL, C1), line and
 * paragraph separators, bidirectional marks, zero-width and other ignorable characters, half characters, non-characters.
 * Variation selectors choose how the character before them is drawn, and stay.
 */
const UNSEEN =
  '(?!\\p{Variation_Selector})' +
  '[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Bidi_Control}\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}\\ufff9-\\ufffb]';

/** A joiner where its script needs it: between Arabic letters (Persian names), after an Indic virama, inside an emoji. */
const NEEDED_JOINER =
  '(?<=[\\p{M}\\p{Script=Arabic}\\p{Extended_Pictographic}\\p{Emoji_Modifier}])[\\u200c\\u200d]' +
  '(?![\\p{Script=Latin}\\p{Script=Greek}\\p{Script=Cyrillic}])(?=[\\p{L}\\p{Extended_Pictographic}])';

const INVISIBLE = `(?!${NEEDED_JOINER})${UNSEEN}`;

/** A backslash that would read as the beginning of an escape of ours. */
const BACKSLASH = `\\\\(?=[\\\\nrt]|x[\\da-f]{2}|u[\\da-f]{4}|u\\{|${INVISIBLE})`;

const invisible = new RegExp(INVISIBLE, 'gu');
const shownEscaped = new RegExp(`${INVISIBLE}|${BACKSLASH}`, 'gu');

const SHORT: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

function escapeOf(character: string): string {
  const code = character.codePointAt(0)!;
  if (code > 0xffff) return `\\u{${code.toString(16)}}`;
  return code > 0xff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\x${code.toString(16).padStart(2, '0')}`;
}

/**
 * Returns `text` on one line, with `\n`, `\x1b`, `\u202e` and `\u{e0061}` in the place of what cannot be seen. Names come
 * from the crawl: this is how every one of them is shown on a terminal and in text formats. Two texts that differ are
 * shown differently: a backslash that reads as the beginning of such an escape is doubled.
 */
export const visibleText = (text: string): string =>
  text.replace(shownEscaped, (found) => SHORT[found] ?? escapeOf(found));

/** As {@link visibleText} for text of several lines of our own: line ends and backslashes stay as they are. */
export const visibleLines = (text: string): string =>
  text.replace(invisible, (found) => (found === '\n' ? found : (SHORT[found] ?? escapeOf(found))));

/**
 * Returns `value` as JSON, indented, with a final newline. What {@link visibleText} would escape is written as `\uXXXX`:
 * the same value to whoever parses it, and nothing that a terminal obeys.
 */
export const jsonText = (value: unknown): string =>
  `${JSON.stringify(value, null, 2).replace(invisible, (found) => (found === '\n' ? found : unitsOf(found)))}\n`;

const unitsOf = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');

/** `text` as one word of a POSIX shell. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
