import { join } from 'node:path';
import { readDatabase } from './read-database.js';
import { readTree } from './read-tree.js';

/** Everything that the arena holds: `{ tree, intact, tables }`. */
export const snapshot = (arena) => ({
  tree: readTree(arena.folder),
  ...readDatabase(arena.at('ws'), join(arena.base, 'aside')),
});

const rowsOf = (rows) => rows.map((row) => JSON.stringify(row)).sort();

/** Names of what differs between two snapshots: files, and `table NAME`. */
export function differences(a, b) {
  const paths = new Set([...a.tree.keys(), ...b.tree.keys()]);
  const files = [...paths].filter((path) => a.tree.get(path) !== b.tree.get(path));
  const names = new Set([...a.tables.keys(), ...b.tables.keys()]);
  const tables = [...names].filter(
    (name) => rowsOf(a.tables.get(name) ?? []).join('\n') !== rowsOf(b.tables.get(name) ?? []).join('\n'),
  );
  return [...tables.map((name) => `table ${name}`), ...files];
}
