import { UNLABELLED } from '../../core/understood.js';
import { readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Findings } from './findings.js';
import { isFile, isFolder, stampOf, stampOfAll } from './find-files.js';
import { isSplitName } from './layout.js';
import { placedRows } from './listed-place.js';
import { type Reader, type ReadOptions, refusedEntry, type Source, type SourceEntry } from './reader.js';
import { pathInside, unsafeName } from './safe-path.js';

/** A line of a list: which file, whose it is. */
export interface ListedImage {
  path: string;
  identity: string;
}

/** A reader of lists: where the lists lie in a source, what they are, and their lines. */
export const listReader = (
  name: string,
  listsOf: (path: string) => readonly string[],
  what: string,
  linesOf: (list: string, options: ReadOptions, findings: Findings) => AsyncIterable<ListedImage>,
): Reader => ({
  name,
  recognise(path) {
    const lists = listsOf(path);
    return lists.length === 0 ? undefined : `"${lists.join('", "')}" ${what}`;
  },
  open(path, options, findings) {
    const sources = listsOf(path).map((list) => listedSource(list, path, options, findings, linesOf));
    return {
      async *entries() {
        for (const source of sources) yield* source.entries();
      },
      stamp: () => stampOfAll(stampsOf(sources)),
    };
  },
});

async function* stampsOf(sources: readonly Source[]): AsyncGenerator<string> {
  for (const source of sources) yield await source.stamp();
}

/**
 * The lists of a source: `path` itself when its name fits; of a folder the first of the `usual` names that is in it, or those
 * in its folders for parts of a set (`train/metadata.csv`), as Hugging Face has them.
 */
export function listsIn(path: string, ending: RegExp, usual: readonly string[]): string[] {
  if (isFile(path)) return ending.test(path) ? [path] : [];
  const here = usual.map((name) => join(path, name)).find(isFile);
  if (here !== undefined || !isFolder(path)) return here === undefined ? [] : [here];
  const parts = readdirSync(path).filter((name) => isSplitName(name) && isFolder(join(path, name)));
  return parts.sort().flatMap((part) => usual.map((name) => join(path, part, name)).find(isFile) ?? []);
}

/** The images that a list names, below the list's folder or `options.root`; each path once. */
function listedSource(
  list: string,
  source: string,
  options: ReadOptions,
  findings: Findings,
  linesOf: (list: string, options: ReadOptions, findings: Findings) => AsyncIterable<ListedImage>,
): Source {
  const root = resolve(options.root ?? dirname(list));
  const part = options.root === undefined && isFolder(source) ? relative(source, dirname(list)) : '';
  const entries = async function* (): AsyncGenerator<SourceEntry> {
    const lines = linesOf(list, options, findings);
    for await (const { row, path } of placedRows(lines, (line) => line.path, { root, list, findings })) {
      const entry = listedEntry(root, path, row.identity);
      yield part === '' ? entry : { ...entry, path: `${part}/${entry.path}` };
    }
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
  const inside = pathInside(root, path);
  const name = path === '' ? '(no path)' : path;
  if (!inside) return refusedEntry(name, `it lies outside "${root}": name another folder with --root`, { identity });
  const unsafe = unsafeName(inside.relative);
  if (unsafe) return refusedEntry(name, unsafe, { identity });
  if (identity === '') return refusedEntry(inside.relative, UNLABELLED);
  return { path: inside.relative, identity, place: { file: inside.file } };
}
