import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { FacesieveError, PathError } from './errors.js';
import { makeFolder } from './make-folder.js';

/**
 * Writes `parts` to a temporary sibling, then renames: readers see the old file or the new one, never half of it.
 * A link stays, and what it leads to is replaced. @throws FacesieveError when the disk is full; the old file stays.
 * @throws PathError when a device or a pipe is there: a rename would put a file in its place.
 */
export function writeAtomically(file: string, ...parts: (Uint8Array | string)[]): void {
  const target = targetOf(file);
  const temporary = `${target}.partial`;
  try {
    makeFolder(dirname(target));
    const handle = openSync(temporary, 'w');
    try {
      for (const part of parts) writeFully(handle, typeof part === 'string' ? Buffer.from(part) : part);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, target);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary);
    throw explainPlaceError(explainWriteError(error, file), file);
  }
}

function targetOf(file: string): string {
  const there = statSync(file, { throwIfNoEntry: false });
  if (!there || there.isDirectory()) return file;
  if (there.isFile()) return realpathSync(file);
  throw new PathError(`"${file}" cannot be written: what is there is no file.`, ['Name a file.']);
}

/** A folder where the file should be, or a file where its folder should be. */
function explainPlaceError(error: unknown, file: string): unknown {
  if (!['EISDIR', 'ENOTDIR', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return error;
  return new PathError(`"${file}" cannot be written: there is a folder in its place, or a file in its folder's.`, [
    'Choose another path.',
  ]);
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
  return error;
}
