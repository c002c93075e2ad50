import { readSync } from 'node:fs';
import { FormatError } from './errors.js';

/** Bytes read at once. */
const PIECE = 2 ** 26;

/**
 * Fills `target` with the bytes of `handle` at `position`: a disk may give less at once than it was asked for.
 * @param file named in errors @throws FormatError when the file ends before
 */
export function readFully<B extends Uint8Array>(handle: number, position: number, target: B, file: string): B {
  for (let done = 0; done < target.length;) {
    const read = readOnce(handle, target, done, position + done, file);
    if (read === 0)
      throw new FormatError(
        `"${file}" is cut short: it ends at byte ${position + done}, ${target.length - done} too early.`,
        ['facesieve doctor --workspace DIR tells which stage must be run again with --force.'],
      );
    done += read;
  }
  return target;
}

/** Node names no path in errors of open files. */
function readOnce(handle: number, target: Uint8Array, done: number, position: number, file: string): number {
  try {
    return readSync(handle, target, done, Math.min(PIECE, target.length - done), position);
  } catch (error) {
    throw Object.assign(error as Error, { path: file });
  }
}
