import { closeSync, openSync, statSync } from 'node:fs';
import { crc32c as crc } from '@node-rs/crc32';
import { readUpTo } from './read-fully.js';

/** Bytes checked at once: they stay in a processor's cache. */
const PIECE = 2 ** 20;

/** CRC-32C (RFC 3720, appendix B.4) of `bytes`, continued from `before`. Finds any error of up to 32 bits in a row. */
export function crc32c(bytes: Uint8Array, before = 0): number {
  let sum = before;
  for (let from = 0; from < bytes.length; from += PIECE) sum = crc(bytes.subarray(from, from + PIECE), sum);
  return sum;
}

/** The bytes of `file` in pieces, each valid until the next is asked for. @param size bytes of a piece; the last may have fewer */
export function* piecesOf(file: string, size = PIECE): Generator<Uint8Array> {
  const handle = openSync(file, 'r');
  try {
    const piece = new Uint8Array(size);
    for (let position = 0; ;) {
      const filled = readUpTo(handle, position, piece, file);
      if (filled > 0) yield piece.subarray(0, filled);
      if (filled < size) return;
      position += filled;
    }
  } finally {
    closeSync(handle);
  }
}

/** Files that were checked by this process, and how they were then: each is checked once until it is written again. */
const checked = new Map<string, string>();

/** Runs `check` on `file` unless this process did so already and the file is as it was. What `check` throws is passed on. */
export function checkOnce(file: string, check: () => void): void {
  const before = signatureOf(file);
  if (checked.get(file) === before) return;
  check();
  checked.set(file, before);
}

function signatureOf(file: string): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}
