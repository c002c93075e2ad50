import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/**
 * Puts `value` as JSON with sorted keys, piece by piece: equal values give equal text, and lists of millions make no string
 * of a gigabyte, which would be longer than strings can be. An iterator counts as the list of what it yields.
 */
function putCanonical(value: unknown, put: (text: string) => void): void {
  if (value === null || typeof value !== 'object') return put(JSON.stringify(value) ?? 'null');
  if (Array.isArray(value) || 'next' in value) {
    let before = '';
    put('[');
    for (const item of value as Iterable<unknown>) {
      put(before);
      putCanonical(item, put);
      before = ',';
    }
    return put(']');
  }
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  put('{');
  entries.forEach(([key, item], i) => {
    put(`${i === 0 ? '' : ','}${JSON.stringify(key)}:`);
    putCanonical(item, put);
  });
  put('}');
}

/** Characters that are hashed at once. */
const PIECE = 65_536;

/** Ten hexadecimal digits that name `value`: the same inputs and config give the same name. */
export function fingerprint(value: unknown): string {
  const hash = createHash('sha256');
  let text = '';
  putCanonical(value, (piece) => {
    text += piece;
    if (text.length < PIECE) return;
    hash.update(text);
    text = '';
  });
  return hash.update(text).digest('hex').slice(0, 10);
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** SHA-256 of a file's bytes, hexadecimal. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
