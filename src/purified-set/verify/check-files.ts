import { lstatSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import pMap from 'p-map';
import { unsafeName } from '../../formats/dataset/safe-path.js';
import { MARK } from '../existing-set.js';
import { hashFile } from '../../core/fingerprint.js';
import { type Finding, finding } from './finding.js';
import { SHEET } from './written-set.js';

/** Files that are read at once: enough to keep a disk busy. */
const AT_ONCE = 8;

/**
 * Files of `folder` that are not there or are not what they were.
 * @param expected hash by path; undefined = none is known, the file only has to be there
 * @param step called before each file; stops the work when it was interrupted
 */
export async function checkFiles(
  folder: string,
  expected: ReadonlyMap<string, string | undefined>,
  step: () => void,
): Promise<Finding[]> {
  const check = async ([path, hash]: [string, string | undefined]): Promise<Finding | undefined> => {
    step();
    const unsafe = unsafeName(path);
    if (unsafe) return finding('ledger', path, `not looked at: ${unsafe}`);
    const absent = whyAbsent(join(folder, path));
    if (absent) return finding('missing', path, absent);
    if (hash !== undefined && (await hashFile(join(folder, path))) !== hash)
      return finding('changed', path, 'it holds other bytes than were written');
    return undefined;
  };
  return (await pMap(expected, check, { concurrency: AT_ONCE })).filter((found) => found !== undefined);
}

function whyAbsent(file: string): string | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat?.isFile()) return undefined;
  if (stat) return 'something else than a file is in its place';
  const link = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink();
  return link ? `it is a link to "${readlinkSync(file)}", where nothing is` : 'it is not there';
}

/** Files below `folder` that the set does not know of. */
export function extraFiles(folder: string, known: ReadonlySet<string>): Finding[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !known.has(path) && path !== MARK && path !== SHEET)
    .sort()
    .map((path) => finding('extra', path, 'neither ledger nor datasheet knows of it'));
}
