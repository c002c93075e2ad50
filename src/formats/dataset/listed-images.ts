import { UNLABELLED } from '../../core/understood.js';
import { dirname, join, resolve } from 'node:path';
import type { Findings } from './findings.js';
import { isFile, stampOf, stampOfAll } from './find-files.js';
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
  linesOf: (list: string, options: ReadOptions, findings: Findings) => AsyncIterable<ListedImage>,
): Reader => ({
  name,
  recognise(path) {
    const list = listOf(path);
    return list && `"${list}" ${what}`;
  },
  open(path, options, findings) {
    const list = listOf(path)!;
    return listedSource(list, options, () => linesOf(list, options, findings));
  },
});

/** The images that a list names, below the list's folder or `options.root`; each path once. */
function listedSource(list: string, options: ReadOptions, lines: () => AsyncIterable<ListedImage>): Source {
  const root = resolve(options.root ?? dirname(list));
  const entries = async function* (): AsyncGenerator<SourceEntry> {
    for await (const { path, identity } of lines()) yield listedEntry(root, path, identity);
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

/** The image at `path` of a list, below `root`. */
export function listedEntry(root: string, path: string, identity: string): SourceEntry {
  const inside = pathInside(root, slashed(root, path));
  const name = path === '' ? '(no path)' : path;
  if (!inside) return refusedEntry(name, `it lies outside "${root}": name another folder with --root`, { identity });
  const unsafe = unsafeName(inside.relative);
  if (unsafe) return refusedEntry(name, unsafe, { identity });
  if (identity === '') return refusedEntry(inside.relative, UNLABELLED);
  return { path: inside.relative, identity, place: { file: inside.file } };
}

/** A path as Windows writes it, with the separators of this system where only so a file is there. */
function slashed(root: string, path: string): string {
  if (!path.includes('\\') || isFile(join(root, path))) return path;
  return path.replaceAll('\\', '/');
}
