import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { joinRecord } from './recordio-frames.js';
import type { Place } from './reader.js';

/**
 * The bytes at `place`. Not asynchronous: it runs in threads of its own, where waiting for a small file is cheaper than
 * coming back to it. @throws Error with the reason when they are more than `most`, cut short, or changed meanwhile
 */
export function readPlace({ file, offset = 0, length, framing }: Place, most: number): Uint8Array {
  const handle = openFile(file);
  try {
    const before = fstatSync(handle);
    if (!before.isFile()) throw new Error('it is not a file');
    const wanted = length ?? before.size;
    if (wanted > most) throw new Error(`it has ${wanted} bytes, more than the ${most} allowed`);
    const bytes = new Uint8Array(wanted);
    const read = readSync(handle, bytes, 0, wanted, offset);
    const after = fstatSync(handle);
    if (read < wanted || after.size !== before.size || after.mtimeMs !== before.mtimeMs)
      throw new Error('the file changed while it was read');
    return framing === 'recordio' ? joinRecord(bytes).image : bytes;
  } finally {
    closeSync(handle);
  }
}

const refusals: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'the file may not be read',
  EPERM: 'the file may not be read',
  ELOOP: 'a link that leads to itself',
  ENAMETOOLONG: 'the name is longer than the file system allows',
};

function openFile(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (error) {
    throw new Error(refusals[(error as NodeJS.ErrnoException).code ?? ''] ?? (error as Error).message, {
      cause: error,
    });
  }
}
