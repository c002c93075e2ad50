/**
 * Control characters, line separators, half characters, non-characters, and marks that turn the direction of writing:
 * nothing of these may get into a line of output by way of a name.
 */
const INVISIBLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;
const SHORT: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** `text` on one line, with `\n` and `\u{1b}` in the place of what cannot be seen: names come from the crawl. */
export const visibleText = (text: string): string =>
  text.replace(INVISIBLE, (found) => SHORT[found] ?? `\\u{${found.codePointAt(0)!.toString(16)}}`);
