import { readdirSync, realpathSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';

export interface Found {
  /** Below the root, with `/`. */
  path: string;
  /** Why what is there cannot be looked into. */
  problem?: string;
}

/** All files below `root`, folder by folder in order of name; links are followed, hidden names left out. */
export function* walk(root: string, below = '', trail: readonly string[] = []): Generator<Found> {
  const here = join(root, below);
  let entries: Dirent[];
  try {
    const real = realpathSync(here);
    if (trail.includes(real)) return yield { path: below, problem: 'a link that leads back to where it lies' };
    trail = [...trail, real];
    entries = readdirSync(here, { withFileTypes: true });
  } catch (error) {
    return yield { path: below, problem: `the folder cannot be read (${(error as NodeJS.ErrnoException).code})` };
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory() || (entry.isSymbolicLink() && leadsToFolder(join(root, path))))
      yield* walk(root, path, trail);
    else yield { path };
  }
}

function leadsToFolder(link: string): boolean {
  try {
    return statSync(link).isDirectory();
  } catch {
    return false; // a link to nothing, or to itself: reading it will say so
  }
}
