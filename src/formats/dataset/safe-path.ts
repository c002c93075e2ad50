import { isAbsolute, join, relative, resolve, sep } from 'node:path';

/** Why `name` may not name an image of an archive or a list, or undefined when it may. */
export function unsafeName(name: string): string | undefined {
  if (name.length === 0) return 'it has no name';
  if (name.length > 1024) return 'its name is longer than 1,024 characters';

  if (/[\u0000-\u001f\u007f]/.test(name)) return 'its name holds control characters';
  if (/^([a-z]:)?[\\/]/i.test(name)) return 'its name is an absolute path';
  if (name.split(/[\\/]/).includes('..')) return 'its name leads out of the source';
  return undefined;
}

/** `path` of a list made absolute, when it lies below `root`. An absolute path may do so too. */
export function pathInside(root: string, path: string): { file: string; relative: string } | undefined {
  const file = isAbsolute(path) ? resolve(path) : join(root, path);
  const below = relative(resolve(root), resolve(file));
  if (below === '' || below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below)) return undefined;
  return { file: resolve(file), relative: below.split(sep).join('/') };
}
