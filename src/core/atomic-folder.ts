import { renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { explainWriteError } from './atomic-write.js';
import { makeFolder } from './make-folder.js';

/**
 * Lets `build` fill a temporary sibling, then puts it in the place of `target`: the folder appears whole or not at all.
 * What was there before is replaced, so whether it may be is for the caller to check. @throws FacesieveError, disk full
 */
export async function writeFolderAtomically<R>(target: string, build: (folder: string) => Promise<R> | R): Promise<R> {
  const partial = join(dirname(target), `.${basename(target)}.partial`);
  rmSync(partial, { recursive: true, force: true });
  try {
    makeFolder(partial);
    const result = await build(partial);
    rmSync(target, { recursive: true, force: true });
    renameSync(partial, target);
    return result;
  } catch (error) {
    throw explainWriteError(error, target);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}
