import { accessSync, constants, existsSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PathError } from './errors.js';

/**
 * Checks before a long piece of work that what it begins with can be read.
 * @param what the path is, for the message: `the source`
 * @throws PathError if something is at `path` that this user may not read
 */
export function refuseUnreadable(path: string, what: string): void {
  const kind = kindOf(path);
  if (kind === undefined || may(path, kind === 'folder' ? constants.R_OK | constants.X_OK : constants.R_OK)) return;
  throw new PathError(`This user may not read ${what}, "${path}".`, [`Change its rights: chmod -R u+rX "${path}"`]);
}

/**
 * Checks before a long piece of work that a file or folder can be written at `path`: in the nearest folder above it that
 * exists. @param flag that names the path @throws PathError if a file is in the way, or this user may not write there
 */
export function refuseUnwritable(path: string, flag: string): void {
  let here = resolve(path);
  while (!existsSync(here) && dirname(here) !== here) here = dirname(here);
  const kind = kindOf(here);
  if (kind === 'folder' && !takesFolders(here))
    throw new PathError(`"${path}" cannot be written: nothing can be made in "${here}".`, [
      `Choose another ${flag}, or change the rights of "${here}".`,
    ]);
  if (kind !== 'folder' && here !== resolve(path))
    throw new PathError(`"${path}" cannot be written: "${here}" is a file.`, [`Choose another ${flag}.`]);
}

function kindOf(path: string): 'folder' | 'file' | undefined {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'file' : undefined; // there, behind a folder that is closed
  }
}

/** Found by trying: rights alone do not say it where root asks, or where a file system takes nothing. */
function takesFolders(folder: string): boolean {
  try {
    rmdirSync(mkdtempSync(join(folder, '.facesieve-')));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOSPC'; // that is told in its own words, when it is written
  }
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
