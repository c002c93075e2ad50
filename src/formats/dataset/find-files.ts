import { existsSync, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { isDiskFault, isMachineFault } from '../../core/system-errors.js';

/**
 * What lies at `path`, through links; undefined when that is nothing, may not be looked at, or is a link that leads to
 * nothing or to itself.
 * @throws the system's error if the disk or this machine failed, which says nothing of what is there
 */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
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

/** The one file of a source: `path` itself when its name fits, or the one right below it that is called so. */
export function fileOf(path: string, ending: RegExp, usual: string): string | undefined {
  if (isFile(path)) return ending.test(path) ? path : undefined;
  const below = join(path, usual);
  return isFile(below) ? below : undefined;
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
