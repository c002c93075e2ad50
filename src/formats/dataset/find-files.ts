import { type Dirent, existsSync, readdirSync, type Stats, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createHash } from 'node:crypto';
import { toPath } from '../../core/undecoded-name.js';
import { isImageName } from '../../images/image-name.js';
import { isDiskFault, isMachineFault } from '../../core/system-errors.js';

/**
 * What lies at `path`, through links; undefined when that is nothing, may not be looked at, or is a link that leads to
 * nothing or to itself.
 * @throws the system's error if the disk or this machine failed, which says nothing of what is there
 */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(toPath(path));
  } catch (error) {
    if (isMachineFault(error) || isDiskFault(error)) throw error;
    return undefined;
  }
}

export const isFile = (path: string): boolean => statOf(path)?.isFile() ?? false;
export const isFolder = (path: string): boolean => statOf(path)?.isDirectory() ?? false;

/** `path` itself when its name fits, or the files right below that do, by name. */
export function filesOf(path: string, name: RegExp): string[] {
  if (!existsSync(path)) return [];
  if (!isFolder(path)) return name.test(path) ? [path] : [];
  return readdirSync(path)
    .filter((file) => !file.startsWith('.') && name.test(file))
    .sort()
    .map((file) => join(path, file))
    .filter(isFile);
}

/** Folders below a source that are looked through for parts of a set. */
const DEEP = 4;

/**
 * Files of a set in parts, each with its path below the source: `path` itself, the files right in it that fit, or else those
 * in the folders below, unless images lie there too.
 */
export function partsOf(path: string, name: RegExp): { file: string; name: string }[] {
  const here = filesOf(path, name);
  if (here.length > 0 || !isFolder(path)) return here.map((file) => ({ file, name: basename(file) }));
  return partsBelow(path, '', name, DEEP) ?? [];
}

/** Does a folder hold image files, by their names? */
export const hasImages = (path: string): boolean => partsBelow(path, '', /^$/, DEEP) === undefined;

/** Undefined when an image lies there: then it is a tree of images. */
function partsBelow(
  root: string,
  below: string,
  name: RegExp,
  depth: number,
): { file: string; name: string }[] | undefined {
  const parts: { file: string; name: string }[] = [];
  for (const entry of entriesIn(join(root, below))) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) {
      const inside = depth > 1 ? partsBelow(root, path, name, depth - 1) : [];
      if (inside === undefined) return undefined;
      parts.push(...inside);
    } else if (name.test(entry.name) && isFile(join(root, path))) parts.push({ file: join(root, path), name: path });
    else if (isImageName(entry.name)) return undefined;
  }
  return parts;
}

function entriesIn(folder: string): Dirent[] {
  try {
    return readdirSync(toPath(folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (isMachineFault(error) || isDiskFault(error)) throw error;
    return [];
  }
}

/** Size and time of change: what differs when a file was written again. */
export function stampOf(file: string): string {
  const facts = statOf(file);
  return facts ? `${facts.size}:${facts.mtimeMs}` : 'missing';
}

/** One stamp of many facts, which are not kept. */
export async function stampOfAll(facts: AsyncIterable<string> | Iterable<string>): Promise<string> {
  const hash = createHash('sha256');
  for await (const fact of facts) hash.update(`${fact}\u0000`);
  return hash.digest('hex').slice(0, 16);
}

export const stampOfFiles = (files: readonly string[]): Promise<string> =>
  stampOfAll(files.flatMap((file) => [file, stampOf(file)]));
