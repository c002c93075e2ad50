import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { maskFile } from './masks.js';

/** SQLite's own, and whoever holds the lock: the database is compared by its rows. */
const PASSING = /^(ws\/(facesieve\.db.*|lock\..*)|tmp(\/.*)?)$/;

const digest = (file, path) =>
  createHash('sha256')
    .update(maskFile(path, readFileSync(file)))
    .digest('base64')
    .slice(0, 16);

/** Every folder, file and link below `folder`: path -> what it is. Times that are written in texts are masked. */
export function readTree(folder, inside = '', tree = new Map()) {
  for (const name of readdirSync(join(folder, inside)).sort()) {
    const path = inside ? `${inside}/${name}` : name;
    if (PASSING.test(path)) continue;
    const file = join(folder, path);
    const facts = lstatSync(file);
    if (facts.isDirectory()) readTree(folder, path, tree.set(path, 'folder'));
    else tree.set(path, facts.isSymbolicLink() ? `link ${readlinkSync(file)}` : digest(file, path));
  }
  return tree;
}

/** The part of a tree below `folder`, as one text; "" when nothing is there. */
export const partOf = (tree, folder) =>
  [...tree]
    .filter(([path]) => path === folder || path.startsWith(`${folder}/`))
    .map(([path, what]) => `${path.slice(folder.length)} ${what}`)
    .join('\n');
