import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { PathError } from './errors.js';

/**
 * Makes `folder` and all above it. Node's own recursive mkdir never returns where a file system answers ENOENT, as
 * /proc does. @param mode rights of the folders that are made, under the umask @throws PathError there
 */
export function makeFolder(folder: string, mode?: number): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder), mode);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    if (existsSync(folder)) return; // somebody else was quicker
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new PathError(`The folder "${folder}" cannot be made there.`, ['Choose another path.']);
  }
}
