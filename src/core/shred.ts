import { closeSync, fstatSync, fsyncSync, lstatSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const ZEROS = new Uint8Array(2 ** 20);

/** Deletes a file or a folder with all that is in it. Returns how many files. */
export function shred(path: string): number {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return 0;
  let files = 1;
  if (found.isDirectory()) files = readdirSync(path).reduce((sum, name) => sum + shred(join(path, name)), 0);
  else overwriteFile(path);
  rmSync(path, { recursive: true });
  return files;
}

/** Writes zeros over the bytes of `file`, unless a link leads to them: what lies there is not only ours, perhaps an original. */
export function overwriteFile(file: string): void {
  if (!isOnlyName(file)) return;
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

/** Whether there is a file under this path and under no other. */
export function isOnlyName(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.isFile() && found.nlink === 1;
}
