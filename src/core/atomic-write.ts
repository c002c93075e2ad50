import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from './durable.js';
import { PathError, quietly } from './errors.js';
import { makeFolder } from './make-folder.js';
import { explainSystemError } from './system-errors.js';

/** Rights of files that show or describe faces: for their owner alone. */
export const PRIVATE_FILE = 0o600;
export const PRIVATE_FOLDER = 0o700;

/**
 * Writes `parts` to a temporary sibling, then renames: readers see the old file or the new one, never half of it. Returns
 * when the new one is on the disk. A link stays, and what it leads to is replaced; a file that is replaced keeps its rights.
 * @throws FacesieveError when the disk is full; the old file stays
 * @throws PathError when a device or a pipe is there: a rename would put a file in its place
 */
export const writeAtomically = (file: string, ...parts: (Uint8Array | string)[]): void => write(file, parts);

/** As {@link writeAtomically}, for files that show or describe faces: a new one can be read by its owner alone. */
export const writePrivately = (file: string, ...parts: (Uint8Array | string)[]): void =>
  write(file, parts, PRIVATE_FILE, PRIVATE_FOLDER);

function write(file: string, parts: readonly (Uint8Array | string)[], mode = 0o666, folderMode?: number): void {
  const target = targetOf(file);
  const temporary = `${target}.partial`;
  try {
    makeFolder(dirname(target), folderMode);
    const handle = openSync(temporary, 'w', mode);
    try {
      const old = statSync(target, { throwIfNoEntry: false });
      if (old) fchmodSync(handle, old.mode & 0o777);
      for (const part of parts) writeFully(handle, typeof part === 'string' ? Buffer.from(part) : part);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, target);
    syncFolder(dirname(target));
  } catch (error) {
    quietly(() => rmSync(temporary, { force: true }));
    throw explainPlaceError(explainSystemError(error, { path: file }), error, file);
  }
}

function targetOf(file: string): string {
  const there = statSync(file, { throwIfNoEntry: false });
  if (!there || there.isDirectory()) return file;
  if (there.isFile()) return realpathSync(file);
  throw new PathError(`"${file}" cannot be written: what is there is not a file.`, ['Name a file.']);
}

/** A folder where the file should be, or a file where its folder should be. */
function explainPlaceError(explained: unknown, error: unknown, file: string): unknown {
  if (!['EISDIR', 'ENOTDIR', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return explained;
  return new PathError(`"${file}" cannot be written: there is a folder in its place, or a file in its folder's.`, [
    'Choose another path.',
  ]);
}

/** Writes all of `bytes` at `position`, or where `handle` is: a disk may take less at once than it was given. */
export function writeFully(handle: number, bytes: Uint8Array, position: number | null = null): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(handle, bytes, done, bytes.length - done, position === null ? null : position + done);
}
