import { readSync } from 'node:fs';
import { FormatError } from './errors.js';

/** Bytes asked for at once. */
const PIECE = 2 ** 26;

/**
 * Reads from `position` until `target` is full or the file ends: a disk may give less at once than it was asked for.
 * Returns how many bytes were read. @param file named in errors of the system, since Node names no path for open files
 */
export function readUpTo(handle: number, position: number, target: Uint8Array, file: string): number {
  let done = 0;
  try {
    for (let read = -1; done < target.length && read !== 0; done += read)
      read = readSync(handle, target, done, Math.min(PIECE, target.length - done), position + done);
  } catch (error) {
    throw Object.assign(error as Error, { path: file });
  }
  return done;
}

/** Fills `target` as {@link readUpTo}, and returns it. @throws FormatError when the file ends before */
export function readFully<B extends Uint8Array>(handle: number, position: number, target: B, file: string): B {
  const done = readUpTo(handle, position, target, file);
  if (done === target.length) return target;
  throw new FormatError(
    `"${file}" is cut short: it ends at byte ${position + done}, ${target.length - done} too early.`,
    ['facesieve doctor --workspace DIR shows which stage to run again with --force.'],
  );
}
