import { lstatSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { syncFolder, syncTree } from './durable.js';
import { FacesieveError, quietly } from './errors.js';
import { fingerprint } from './fingerprint.js';
import { makeFolder } from './make-folder.js';
import { explainSystemError } from './system-errors.js';

/**
 * Lets `build` fill a temporary sibling, then puts it in the place of `target`: the folder appears whole or not at all.
 * What was there before is moved aside, and removed only when the new folder stands. Interrupted at any point, the next
 * call first finishes or takes back what lies there. Whether `target` may be replaced is for the caller to check.
 * @param target without links in it
 * @param unusable why the new folder cannot be used in the place of the old one, which is then put back
 * @throws FacesieveError when the disk fails; the message says where the old folder and the new one are
 */
export async function writeFolderAtomically<R>(
  target: string,
  build: (folder: string) => Promise<R> | R,
  unusable: (folder: string) => string | undefined = () => undefined,
): Promise<R> {
  const { fresh, aside } = siblingsOf(target);
  try {
    finishReplacement(target);
    rmSync(fresh, { recursive: true, force: true });
    makeFolder(fresh);
    const result = await build(fresh);
    await syncTree(fresh);
    replace(target, fresh, aside, unusable);
    return result;
  } catch (error) {
    throw explainSystemError(error, { doing: `writing "${target}"`, path: target });
  } finally {
    quietly(() => rmSync(fresh, { recursive: true, force: true })); // the error that stopped the work says more
  }
}

/** Names beside `target` for a folder that is being written, and for one that is being replaced. */
export function siblingsOf(target: string): { fresh: string; aside: string } {
  const name = basename(target);
  const short = Buffer.byteLength(name) > 200 ? fingerprint(name) : name;
  const beside = (what: string): string => join(dirname(target), `.${short}.facesieve-${what}`);
  return { fresh: beside('new'), aside: beside('old') };
}

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/** Ends a replacement that was interrupted: an old folder comes back when no new one took its place, and goes otherwise. */
export function finishReplacement(target: string): void {
  const { aside } = siblingsOf(target);
  if (!isThere(aside)) return;
  if (isThere(target)) rmSync(aside, { recursive: true });
  else renameSync(aside, target);
  syncFolder(dirname(target));
}

function replace(target: string, fresh: string, aside: string, unusable: (folder: string) => string | undefined): void {
  const replaces = isThere(target);
  if (replaces) renameSync(target, aside);
  try {
    renameSync(fresh, target);
    syncFolder(dirname(target));
    const reason = unusable(target);
    if (reason !== undefined) {
      renameSync(target, fresh);
      throw new FacesieveError(`"${target}" was not replaced: ${reason}`, ['Choose another folder.']);
    }
  } catch (error) {
    if (replaces && !isThere(target)) putBack(target, aside, error);
    throw error;
  }
  if (replaces) removeOld(target, aside);
}

function putBack(target: string, aside: string, because: unknown): void {
  try {
    renameSync(aside, target);
  } catch {
    throw new FacesieveError(
      `"${target}" could not be replaced (${(because as Error).message}). What was there is whole, and lies in "${aside}".`,
      [`Run the same command again, or rename it: mv '${aside}' '${target}'`],
    );
  }
}

function removeOld(target: string, aside: string): void {
  try {
    rmSync(aside, { recursive: true });
  } catch (error) {
    throw new FacesieveError(
      `"${target}" is written and whole, but what it replaced could not be removed from "${aside}" (${(error as Error).message}).`,
      ['Run the same command again, or remove that folder yourself.'],
    );
  }
}
