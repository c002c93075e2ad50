import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint } from '../core/fingerprint.js';

export const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
export const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

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
  const facts = statSync(file, { throwIfNoEntry: false });
  return facts ? `${facts.size}:${facts.mtimeMs}` : 'missing';
}

export const stampOfFiles = (files: readonly string[]): Promise<string> =>
  Promise.resolve(fingerprint(files.map((file) => [file, stampOf(file)])));
