import { isAbsolute, relative, sep } from 'node:path';
import { readName } from './apostrophes.js';
import type { Answer } from './format.js';

const withoutEnding = (path: string): string => path.replace(/\.[^./]*$/, '');

/**
 * Which of `paths` an answer is about, or undefined. Tools name images by what they were given: with `prefix` in front, by the
 * whole path of the file below `source`, or without the ending, which counts where only one image is called so.
 */
export function pathFinder(
  paths: readonly string[],
  source: string,
  prefix: string,
): (answer: Pick<Answer, 'path' | 'withoutEnding' | 'apostrophes' | 'place'>) => string | undefined {
  const known = new Set(paths);
  const byStem = new Map<string, string | undefined>();
  for (const path of paths) byStem.set(withoutEnding(path), byStem.has(withoutEnding(path)) ? undefined : path);
  const find = (path: string, withoutEnding = false): string | undefined => {
    const names = [path];
    if (prefix !== '' && path.startsWith(prefix)) names.push(path.slice(prefix.length));
    if (isAbsolute(path)) names.push(relative(source, path).split(sep).join('/'));
    const found = names.find((name) => known.has(name));
    if (found !== undefined || !withoutEnding) return found;
    return names.map((name) => byStem.get(name)).find((path) => path !== undefined);
  };
  return (answer) => readName(answer.path, answer, (path) => find(path, answer.withoutEnding));
}
