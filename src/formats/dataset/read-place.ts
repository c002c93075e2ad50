import { closeSync, fstatSync } from 'node:fs';
import { readUpTo } from '../../core/read-fully.js';
import { openRegular, UnreadableFileError } from '../../core/regular-file.js';
import { joinRecord } from './recordio-frames.js';
import type { Place } from './reader.js';

/**
 * The bytes at `place`. Not asynchronous: it runs in threads of its own, where waiting for a small file is cheaper than
 * coming back to it. @throws Error with the reason when they are more than `most`, cut short, or changed meanwhile; its
 * cause is an IrregularFileError when no regular file is there
 */
export function readPlace({ file, offset = 0, length, framing }: Place, most: number): Uint8Array {
  const handle = openFile(file);
  try {
    const before = fstatSync(handle);
    const wanted = length ?? before.size;
    if (wanted > most) throw new Error(`it has ${wanted} bytes, more than the ${most} allowed`);
    const bytes = new Uint8Array(wanted);
    const read = readUpTo(handle, offset, bytes, file);
    const after = fstatSync(handle);
    if (read < wanted || after.size !== before.size || after.mtimeMs !== before.mtimeMs)
      throw new Error('the file changed while it was read');
    return framing === 'recordio' ? joinRecord(bytes).image : bytes;
  } finally {
    closeSync(handle);
  }
}

function openFile(file: string): number {
  try {
    return openRegular(file);
  } catch (error) {
    throw error instanceof UnreadableFileError ? new Error(error.reason, { cause: error }) : error;
  }
}
