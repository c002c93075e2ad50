import { dirname, resolve } from 'node:path';
import { stampOf, stampOfAll } from './find-files.js';
import type { Reader, ReadOptions, Source, SourceEntry } from './reader.js';
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
  if (!inside) return refused(path, identity, `it lies outside "${root}": name another folder with --root`);
  const unsafe = unsafeName(inside.relative);
  if (unsafe) return refused(path, identity, unsafe);
  if (identity === '') return refused(inside.relative, identity, 'the list names nobody for it');
  return { path: inside.relative, identity, place: { file: inside.file } };
}

const refused = (path: string, identity: string, reason: string): SourceEntry => ({
  path: path === '' ? '(no path)' : path,
  identity,
  refusal: { state: 'skipped', reason },
});
