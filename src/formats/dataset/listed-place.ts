import { readdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { isFile } from './find-files.js';
import type { Findings } from './findings.js';

/** Paths of a list that are looked for before its files are read. */
const SAMPLE = 64;
/** Folders beside a list that are looked through for its files. */
const MOST_FOLDERS = 64;

/** How paths of a list become paths below the folder where its files are. */
type Mapping = (path: string) => string;

/**
 * Rows of a list with the paths of their files below `root`, as they are here: with the separators of this system, in the
 * Unicode form of the file's own name. Where none of the first files is there, what all paths begin with is left out (the list was written
 * in another folder, or on another machine), or they are looked for in the folders beside the list.
 */
export async function* placedRows<T>(
  rows: AsyncIterable<T>,
  pathOf: (row: T) => string,
  { root, list, findings }: { root: string; list: string; findings: Findings },
): AsyncGenerator<{ row: T; path: string }> {
  const first: T[] = [];
  let mapping: Mapping | undefined;
  const placed = (row: T): { row: T; path: string } => ({
    row,
    path: spelled(root, mapping!(slashed(root, pathOf(row)))),
  });
  for await (const row of rows) {
    if (mapping !== undefined) {
      yield placed(row);
      continue;
    }
    first.push(row);
    if (first.length < SAMPLE) continue;
    mapping = mappingFor(first.map(pathOf), root, list, findings);
    yield* first.map(placed);
  }
  if (mapping !== undefined) return;
  mapping = mappingFor(first.map(pathOf), root, list, findings);
  yield* first.map(placed);
}

/** A path as Windows writes it, with the separators of this system where only so a file is there. */
function slashed(root: string, path: string): string {
  if (!path.includes('\\') || isFile(join(root, path))) return path;
  return path.replaceAll('\\', '/');
}

/** A path in the Unicode form that its file has: macOS writes letters and their accents apart. */
function spelled(root: string, path: string): string {
  if (!/[^\0-\x7f]/.test(path) || isFile(join(root, path))) return path;
  return [path.normalize('NFC'), path.normalize('NFD')].find((form) => isFile(join(root, form))) ?? path;
}

function mappingFor(listed: readonly string[], root: string, list: string, findings: Findings): Mapping {
  const paths = [...new Set(listed.filter((path) => path.trim() !== ''))].map((path) => slashed(root, path));
  const isHere = (path: string): boolean =>
    (isAbsolute(path) && isFile(path)) || isFile(join(root, spelled(root, path)));
  if (paths.length === 0 || paths.some(isHere)) return (path) => path;
  const fits = (map: Mapping): boolean => {
    const found = paths.filter((path) => isFile(join(root, spelled(root, map(path))))).length;
    return found > paths.length / 2;
  };
  for (const start of beginnings(paths)) {
    const without: Mapping = (path) => (path.startsWith(start) ? path.slice(start.length) : path);
    if (!fits(without)) continue;
    findings.note(`paths in "${list}" begin with "${start}", which is left out: their files are in "${root}"`);
    return without;
  }
  for (const folder of foldersIn(root)) {
    const within: Mapping = (path) => `${folder}/${path}`;
    if (!fits(within)) continue;
    findings.note(`the files that "${list}" names are in "${join(root, folder)}"`);
    return within;
  }
  findings.warn(
    `of the first ${paths.length} files that "${list}" names none is in "${root}" (${paths[0]}): name their folder with --root`,
  );
  return (path) => path;
}

/** What all paths begin with, up to each of their folders, the shortest first. */
function* beginnings(paths: readonly string[]): Generator<string> {
  for (let at = paths[0].indexOf('/'); at >= 0; at = paths[0].indexOf('/', at + 1)) {
    const start = paths[0].slice(0, at + 1);
    if (!paths.every((path) => path.startsWith(start))) return;
    yield start;
  }
}

function foldersIn(root: string): string[] {
  try {
    const entries = readdirSync(root, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort()
      .slice(0, MOST_FOLDERS);
  } catch {
    return []; // reading the files will say why
  }
}
