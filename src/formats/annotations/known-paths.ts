import { isAbsolute, relative, sep } from 'node:path';
import { readName } from './apostrophes.js';
import type { Answer } from './format.js';

const withoutEnding = (path: string): string => path.replace(/\.[^./]*$/, '');

/** What Label Studio calls an uploaded file: `/data/upload/3/a1b2c3d4-NAME`. */
const UPLOADED = /(?:^|\/)[\da-f]{8}-([^/]+)$/;

/** A path as all ways to write it have it in common. */
const formOf = (path: string): string =>
  path
    .replaceAll('\\', '/')
    .trim()
    .replace(/^(\.\/)+/, '')
    .normalize('NFC');

/**
 * Which of `paths` an answer is about, or undefined. Tools name images by what they were given: with `prefix` in front, by the
 * whole path of the file below `source`, without the ending, or by the name of an upload (`a1b2c3d4-NAME`); the last two
 * count where only one image is called so. Separators of Windows, blanks around
 * a path and the two forms of Unicode make no difference.
 */
export function pathFinder(
  paths: readonly string[],
  source: string,
  prefix: string,
): (answer: Pick<Answer, 'path' | 'withoutEnding' | 'apostrophes' | 'place'>) => string | undefined {
  const known = new Set(paths);
  const byStem = new Map<string, string | undefined>();
  const byName = new Map<string, string | undefined>();
  const byForm = new Map<string, string | undefined>();
  const addOnce = (map: Map<string, string | undefined>, key: string, path: string): void =>
    void map.set(key, map.has(key) ? undefined : path);
  for (const path of paths) {
    addOnce(byName, path.slice(path.lastIndexOf('/') + 1), path);
    addOnce(byForm, formOf(path), path);
  }
  for (const path of paths) byStem.set(withoutEnding(path), byStem.has(withoutEnding(path)) ? undefined : path);
  const find = (path: string, withoutEnding = false): string | undefined => {
    const names = [path];
    if (prefix !== '' && path.startsWith(prefix)) names.push(path.slice(prefix.length));
    if (isAbsolute(path)) names.push(relative(source, path).split(sep).join('/'));
    const found = names.find((name) => known.has(name));
    const alike = found ?? names.map((name) => byForm.get(formOf(name))).find((name) => name !== undefined);
    const uploaded = alike ?? byName.get(UPLOADED.exec(path)?.[1] ?? '');
    if (uploaded !== undefined || !withoutEnding) return uploaded;
    return names.map((name) => byStem.get(name)).find((path) => path !== undefined);
  };
  return (answer) => readName(answer.path, answer, (path) => find(path, answer.withoutEnding));
}
