import { isUtf8 } from 'node:buffer';

/** Where bytes that are no UTF-8 are kept in a string, as Python does: byte b is the lone surrogate U+DC00 + b. */
const KEPT = /[\udc80-\udcff]/;

/** A name of the file system as a string that {@link toPath} turns back into the same bytes. */
export function nameOfBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  let name = '';
  for (let at = 0; at < bytes.length;) {
    const length = [1, 2, 3, 4].find((n) => at + n <= bytes.length && isUtf8(bytes.subarray(at, at + n)));
    name += length === undefined ? String.fromCharCode(0xdc00 + bytes[at]) : bytes.toString('utf8', at, at + length);
    at += length ?? 1;
  }
  return name;
}

/** What to hand to `fs` for a path that may hold names which are no UTF-8. */
export function toPath(path: string): string | Buffer {
  if (!KEPT.test(path)) return path;
  const parts = [...path].map((letter) =>
    KEPT.test(letter) ? Buffer.from([letter.charCodeAt(0) - 0xdc00]) : Buffer.from(letter),
  );
  return Buffer.concat(parts);
}

/** A path for people: bytes that are no UTF-8 are escaped, as in `Ren\xe9`. */
export const shownPath = (path: string): string =>
  KEPT.test(path)
    ? path.replace(/[\udc80-\udcff]/g, (letter) => `\\x${(letter.charCodeAt(0) - 0xdc00).toString(16)}`)
    : path;
