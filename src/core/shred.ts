import { closeSync, fstatSync, fsyncSync, lstatSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const ZEROS = new Uint8Array(2 ** 20);

/** Writes `file` anew, then zeros over the bytes that were there before. */
export function replaceShredding(file: string, write: () => void): void {
  const old = openSync(file, 'r+');
  try {
    write();
    overwrite(old);
  } finally {
    closeSync(old);
  }
}

/** Deletes a file or a folder with all that is in it. Returns how many files. */
export function shred(path: string): number {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return 0;
  let files = 1;
  if (found.isDirectory()) files = readdirSync(path).reduce((sum, name) => sum + shred(join(path, name)), 0);
  // Behind a link, symbolic or hard, lies a file that is not only ours: an original.
  else if (found.isFile() && found.nlink === 1) overwriteFile(path);
  rmSync(path, { recursive: true });
  return files;
}

function overwriteFile(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    overwrite(handle);
  } finally {
    closeSync(handle);
  }
}

function overwrite(handle: number): void {
  const { size } = fstatSync(handle);
  for (let done = 0; done < size;) done += writeSync(handle, ZEROS, 0, Math.min(ZEROS.length, size - done), done);
  fsyncSync(handle);
}
