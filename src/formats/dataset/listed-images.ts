import { dirname, resolve } from 'node:path';
import { stampOf, stampOfAll } from './find-files.js';
import { type Reader, type ReadOptions, refusedEntry, type Source, type SourceEntry } from './reader.js';
import { pathInside, unsafeName } from './safe-path.js';

/** A line of a list: which file, whose it is. */
export interface ListedImage {
  path: string;
  identity: string;
}

/** A reader of lists: where the list lies in a source, what it is, and its lines. */
export const listReader = (
  name: string,
  listOf: (path: string) => string | undefined,
  what: string,
  linesOf: (list: string, options: ReadOptions) => AsyncIterable<ListedImage>,
): Reader => ({
  name,
  recognise(path) {
    const list = listOf(path);
    return list && `"${list}" ${what}`;
  },
  open(path, options) {
    const list = listOf(path)!;
    return listedSource(list, options, () => linesOf(list, options));
  },
});

/** The images that a list names, below the list's folder or `options.root`; each path once. */
function listedSource(list: string, options: ReadOptions, lines: () => AsyncIterable<ListedImage>): Source {
  const root = resolve(options.root ?? dirname(list));
  const entries = async function* (): AsyncGenerator<SourceEntry> {
    for await (const { path, identity } of lines()) yield entryOf(root, path, identity);
  };
  return {
    entries,
    stamp: () => stampOfAll(stamps(list, entries())),
  };
}

async function* stamps(list: string, entries: AsyncIterable<SourceEntry>): AsyncGenerator<string> {
  yield `${list}\n${stampOf(list)}`;
  for await (const { place } of entries) if (place) yield stampOf(place.file);
}

function entryOf(root: string, path: string, identity: string): SourceEntry {
  const inside = pathInside(root, path);
  const name = path === '' ? '(no path)' : path;
  if (!inside) return refusedEntry(name, `it lies outside "${root}": name another folder with --root`, { identity });
  const unsafe = unsafeName(inside.relative);
  if (unsafe) return refusedEntry(name, unsafe, { identity });
  if (identity === '') return refusedEntry(inside.relative, 'the list names no person for it');
  return { path: inside.relative, identity, place: { file: inside.file } };
}
