import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { FacesieveError } from './errors.js';

/**
 * Writes `parts` to a temporary sibling, then renames: readers see the old file or the new one, never half of it.
 * @throws FacesieveError when the disk is full; the old file stays.
 */
export function writeAtomically(file: string, ...parts: (Uint8Array | string)[]): void {
  const temporary = `${file}.partial`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    const handle = openSync(temporary, 'w');
    try {
      for (const part of parts) writeFully(handle, typeof part === 'string' ? Buffer.from(part) : part);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary);
    throw explainWriteError(error, file);
  }
}

function writeFully(handle: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
}

/** Full disks and missing rights become errors a person can act on; anything else stays what it is. */
export function explainWriteError(error: unknown, file: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL')
    return new FacesieveError(`The disk is full: "${file}" could not be written. What was there before is untouched.`, [
      'Free some space and run the same command again: it goes on where it stopped.',
    ]);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new FacesieveError(`"${file}" may not be written (${code}).`, [
      'Choose another folder, or change its rights.',
    ]);
  if (code === 'EISDIR' || code === 'ENOTDIR' || code === 'EEXIST')
    return new FacesieveError(`"${file}" cannot be written: a folder is in the place of the file, or the reverse.`, [
      'Choose another path.',
    ]);
  return error;
}
