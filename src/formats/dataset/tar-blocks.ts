import { closeSync, fstatSync } from 'node:fs';
import { readUpTo } from '../../core/read-fully.js';
import { openRegular } from '../../core/regular-file.js';

export const BLOCK = 512;
/** Long names and pax records: what follows a header of these types tells of the next one. */
const MOST_EXTRA = 1 << 20;
const EXTRA = new Set('xgLK');
/** Of a size that base 256 says. */
const BINARY = 0x80;

const ZEROS = new Uint8Array(1 << 18);

/**
 * The bytes of a tar archive that is not compressed, with zeros in place of what its files hold: the heads alone are read,
 * and everything stands where it stood. @throws UnreadableFileError
 */
export function* tarHeads(file: string): Generator<Uint8Array> {
  const handle = openRegular(file);
  try {
    const { size } = fstatSync(handle);
    const read = (at: number, length: number): Uint8Array => {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - at)));
      return bytes.subarray(0, readUpTo(handle, at, bytes, file));
    };
    let said: number | undefined; // a size too large for a header stands in the records before it
    for (let at = 0; at < size;) {
      const head = read(at, BLOCK);
      yield head;
      at += BLOCK;
      const type = String.fromCharCode(head[156] ?? 0);
      const length = said ?? sizeIn(head);
      const end = Math.min(size, at + BLOCK * Math.ceil(length / BLOCK));
      said = undefined;
      if (EXTRA.has(type) && length <= MOST_EXTRA) {
        const extra = read(at, end - at);
        if (type === 'x') said = sizeRecord(extra);
        yield extra;
        at = end;
      }
      for (; at < end; at = Math.min(end, at + ZEROS.length)) yield ZEROS.subarray(0, Math.min(ZEROS.length, end - at));
    }
  } finally {
    closeSync(handle);
  }
}

/** The size in a header: octal digits, or a binary number. */
function sizeIn(head: Uint8Array): number {
  const field = head.subarray(124, 136);
  if ((field[0] ?? 0) & BINARY) return field.subarray(4).reduce((sum, byte) => sum * 256 + byte, 0);
  const digits = /[0-7]+/.exec(Buffer.from(field).toString('latin1'))?.[0];
  return digits === undefined ? 0 : parseInt(digits, 8);
}

function sizeRecord(records: Uint8Array): number | undefined {
  const size = /(?:^|\n)\d+ size=(\d+)\n/.exec(Buffer.from(records).toString('latin1'))?.[1];
  return size === undefined ? undefined : Number(size);
}
