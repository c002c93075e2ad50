import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { EmptyInputError } from '../../core/errors.js';
import { isImageName } from '../../images/image-name.js';
import type { Reader, SourceEntry } from '../reader.js';

/** One folder a name: SOURCE/NAME/file, or deeper; the first folder below the source is the identity. */
export const folderReader: Reader = {
  name: 'folder',
  recognise: (source) =>
    existsSync(source) && statSync(source).isDirectory()
      ? 'it is a folder; each folder in it is an identity'
      : undefined,
  list(source) {
    const entries: SourceEntry[] = [];
    let skipped = 0;
    for (const relative of filesBelow(source)) {
      const path = relative.split(sep).join('/');
      if (!path.includes('/') || !isImageName(path)) skipped++;
      else entries.push(entryOf(source, relative, path));
    }
    if (entries.length === 0) throw emptyError(source, skipped);
    entries.sort((a, b) => (a.path < b.path ? -1 : 1));
    return Promise.resolve({ entries, skipped });
  },
};

/** Relative paths of all files, links followed; hidden ones left out. */
function filesBelow(root: string, below = ''): string[] {
  return readdirSync(join(root, below), { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.'))
    .flatMap((entry) => {
      const relative = join(below, entry.name);
      const isFolder = entry.isSymbolicLink()
        ? (statSync(join(root, relative), { throwIfNoEntry: false })?.isDirectory() ?? false)
        : entry.isDirectory();
      return isFolder ? filesBelow(root, relative) : [relative];
    });
}

function entryOf(source: string, relative: string, path: string): SourceEntry {
  const file = join(source, relative);
  const facts = statSync(file, { throwIfNoEntry: false });
  return {
    path,
    identity: path.slice(0, path.indexOf('/')),
    stamp: facts ? `${facts.size}:${facts.mtimeMs}` : 'missing',
    read: () => readFile(file),
  };
}

function emptyError(source: string, skipped: number): EmptyInputError {
  const flat = skipped > 0 && readdirSync(source).some(isImageName);
  return flat
    ? new EmptyInputError(`"${source}" holds images, but no folder a name: nothing says who is who.`, [
        "Put each person's images in a folder of their own: SOURCE/NAME/image.jpg",
      ])
    : new EmptyInputError(`"${source}" holds no images.`, ['Name a folder with one folder of images a person.']);
}
