import { closeSync } from 'node:fs';
import { readUpTo } from '../core/read-fully.js';
import { openRegular } from '../core/regular-file.js';

/** The first bytes of a file, at most `most`. @throws UnreadableFileError */
export function readBeginning(file: string, most: number): Uint8Array {
  const handle = openRegular(file);
  try {
    const bytes = new Uint8Array(most);
    return bytes.subarray(0, readUpTo(handle, 0, bytes, file));
  } finally {
    closeSync(handle);
  }
}
