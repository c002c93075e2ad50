import { lstatSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { FormatError } from '../../core/errors.js';
import { readCheckpoint } from '../../model/checkpoint.js';
import type { Workspace } from '../workspace.js';
import { ByteSearch } from './find-bytes.js';
import { findInValues, hasLetters } from './find-values.js';
import { type Needle, needlesOf } from './needles.js';
import { NamesThatStay } from './names-that-stay.js';
import type { Plan } from './plan.js';
import type { Finding, ForgetResult } from './result.js';

const DATABASE = 'facesieve.db';

/**
 * Looks in every file of the workspace for every name, path and hash that went: among bytes for what is long enough to be no
 * accident there, for shorter names as values, in the cells of the database, the names in checkpoints and the names of files.
 */
export function searchWorkspace(workspace: Workspace, plan: Plan): Pick<ForgetResult, 'searched' | 'found'> {
  const needles = needlesOf(plan);
  const files = filesBelow(workspace.folder);
  const { hits, bytes } = searchFiles(workspace, files, needles);
  const findings = needles.flatMap((needle) => {
    const raw = hits.get(needle) ?? new Map<string, number>();
    const inCells = raw.has(DATABASE) || needle.plain || needle.forms.length === 0;
    const cells = inCells ? findInValues(workspace.database, needle) : [];
    // The database was written anew: what is in its file is in a cell, perhaps as letters of a longer word.
    if (cells.length > 0 || (raw.has(DATABASE) && hasLetters(workspace.database, needle))) raw.delete(DATABASE);
    return [...cells, ...[...raw].map(([where, times]): Finding => ({ what: needle.text, where, times, why: null }))];
  });
  return { searched: { files: files.length, bytes, needles: needles.length }, found: findings };
}

/** How often each needle is in which file. */
type Hits = Map<Needle, Map<string, number>>;

function searchFiles(
  workspace: Workspace,
  files: readonly string[],
  needles: readonly Needle[],
): { hits: Hits; bytes: number } {
  const stay = new NamesThatStay(workspace.database);
  const search = (some: readonly Needle[]): ByteSearch<Needle> =>
    new ByteSearch(some.flatMap((needle) => needle.forms.map((form) => [form, needle] as const)));
  const inOurs = search(needles.filter(({ plain }) => !plain));
  const inOthers = search(needles);
  const hits: Hits = new Map();
  let bytes = 0;
  for (const file of files) {
    const name = relative(workspace.folder, file);
    const hit = (needle: Needle, where = name): void => {
      const found = hits.get(needle) ?? new Map<string, number>();
      hits.set(needle, found.set(where, (found.get(where) ?? 0) + 1));
    };
    for (const needle of needles) if (isValueIn(file, name, needle)) hit(needle);
    if (!isOurs(name)) inOthers.inBytes(Buffer.from(name), 0, Infinity, (needle) => hit(needle, `the name of ${name}`));
    if (lstatSync(file).isSymbolicLink())
      inOthers.inBytes(Buffer.from(readlinkSync(file)), 0, Infinity, (needle) => hit(needle, `the link ${name}`));
    else
      bytes += (isOurs(name) ? inOurs : inOthers).inFile(file, (needle, around, at, form) => {
        if (!stay.cover(needle.text, around, at, form)) hit(needle);
      });
  }
  return { hits, bytes };
}

/** Files whose form and name are facesieve's. */
const isOurs = (name: string): boolean =>
  name.startsWith(DATABASE) || (/^(crops|checkpoints|embeddings)\//.test(name) && /\.(u8|safetensors)$/.test(name));

/** Whether a name that is not looked for among bytes is one of a checkpoint's, or of a folder. */
function isValueIn(file: string, name: string, { text, forms, plain }: Needle): boolean {
  if (forms.length > 0 && !plain) return false;
  if (!isOurs(name)) return name.split(sep).includes(text);
  if (!name.startsWith('checkpoints')) return false;
  try {
    return readCheckpoint(file, []).identities.includes(text);
  } catch (error) {
    if (error instanceof FormatError) return false; // there are no names in it that anybody could read
    throw error;
  }
}

/** Folders may be links to another disk. Not the lock: it is always empty, and closing it would free it. */
const filesBelow = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => !name.startsWith('lock.db'))
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path, { throwIfNoEntry: false })?.isDirectory() ? [path, ...insideOf(path)] : [path]))
    .filter((path) => lstatSync(path).isFile() || lstatSync(path).isSymbolicLink())
    .sort();

const insideOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => join(entry.parentPath, entry.name));
