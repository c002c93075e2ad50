import { readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { irregularKind, irregularReason } from '../../core/regular-file.js';
import { isDiskFault, isMachineFault } from '../../core/system-errors.js';
import { nameOfBytes, toPath } from '../../core/undecoded-name.js';
import { statOf } from './find-files.js';

export interface Found {
  /** Below the root, with `/`; names that are no UTF-8 as core/undecoded-name.ts keeps them. */
  path: string;
  /** Why what is there cannot be looked into. */
  problem?: string;
}

/** Times that a folder is read through different links: links to folders of links would otherwise multiply for ever. */
const MOST_VISITS = 16;

/**
 * All files below `root`, folder by folder in order of name; links are followed, hidden names left out. What is neither a
 * file nor a folder, and a folder that this user may not read, is named with its problem, and not opened.
 * @throws the system's error if the disk failed on a folder
 */
export const walk = (root: string): Generator<Found> => walkFolder(root, '', [], new Map());

/** @param trail real paths of the folders above @param visits how often each real folder was read */
function* walkFolder(
  root: string,
  below: string,
  trail: readonly string[],
  visits: Map<string, number>,
): Generator<Found> {
  const here = join(root, below);
  let entries: Listed[];
  try {
    const real = realPathOf(here);
    if (trail.includes(real)) return yield { path: below, problem: 'a link that leads back to where it lies' };
    const visited = (visits.get(real) ?? 0) + 1;
    visits.set(real, visited);
    if (visited > MOST_VISITS)
      return yield { path: below, problem: `a link to a folder that was read ${MOST_VISITS} times already` };
    trail = [...trail, real];
    entries = listed(here);
  } catch (error) {
    if (isMachineFault(error) || isDiskFault(error)) throw error; // what is in there is not known
    return yield { path: below, problem: `the folder cannot be read (${(error as NodeJS.ErrnoException).code})` };
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    const there = entry.isSymbolicLink() ? statOf(join(root, path)) : entry; // a link to nothing: reading it will say so
    const kind = there && irregularKind(there);
    if (there?.isDirectory()) yield* walkFolder(root, path, trail, visits);
    else yield kind === undefined ? { path } : { path, problem: irregularReason(kind) };
  }
}

interface Listed {
  name: string;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
  isFIFO(): boolean;
  isSocket(): boolean;
  isCharacterDevice(): boolean;
  isBlockDevice(): boolean;
}

/** What lies in a folder. Names that do not decode are read once more as bytes. */
function listed(folder: string): Listed[] {
  const entries = readdirSync(toPath(folder), { withFileTypes: true });
  if (!entries.some(({ name }) => name.includes('\ufffd'))) return entries;
  return readdirSync(toPath(folder), { withFileTypes: true, encoding: 'buffer' }).map((entry) =>
    Object.assign(Object.create(entry) as Listed, { name: nameOfBytes(entry.name) }),
  );
}

/** Node's own realpath takes no bytes; the system's does. */
function realPathOf(folder: string): string {
  const path = toPath(folder);
  return typeof path === 'string' ? realpathSync(path) : nameOfBytes(realpathSync.native(path, 'buffer'));
}
