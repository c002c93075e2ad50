import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

const calls = ['openSync', 'writeSync', 'renameSync', 'rmSync', 'fsyncSync', 'ftruncateSync', 'mkdirSync'] as const;

/**
 * Does `work` on the workspace `folder` and copies the folder to `copies`/N before each call that may change a file or the
 * database: what a process that is killed there leaves. Returns the copies.
 */
export function killedAt(folder: string, copies: string, work: () => void): string[] {
  const made: string[] = [];
  let copying = false;
  const copy = (): void => {
    if (copying) return;
    copying = true;
    const target = join(copies, String(made.length));
    // What else a killed process leaves, the lock and the shared index of the log, is free and made anew.
    fs.cpSync(folder, target, { recursive: true, filter: (from) => !/lock\.|-shm$/.test(from) });
    made.push(target);
    copying = false;
  };
  const undo = [...watchFiles(copy), ...watchDatabase(copy)];
  try {
    work();
  } finally {
    for (const restore of undo) restore();
    syncBuiltinESMExports();
  }
  return made;
}

function watchFiles(before: () => void): (() => void)[] {
  const undo = calls.map((name) => {
    const original = fs[name] as (...args: unknown[]) => unknown;
    Object.assign(fs, {
      [name]: (...args: unknown[]) => {
        if (name !== 'openSync' || args[1] !== 'r') before();
        return original(...args);
      },
    });
    return () => void Object.assign(fs, { [name]: original });
  });
  syncBuiltinESMExports();
  return undo;
}

/** Within a transaction nothing is in the file yet. */
function watchDatabase(before: () => void): (() => void)[] {
  const memory = new Sqlite(':memory:');
  const statement = Object.getPrototypeOf(memory.prepare('SELECT 1')) as object;
  memory.close();
  return [
    watch(Sqlite.prototype, 'exec', (database) => database as Sqlite.Database, before),
    watch(Sqlite.prototype, 'pragma', (database) => database as Sqlite.Database, before),
    watch(statement, 'run', (one) => (one as Sqlite.Statement).database, before),
  ];
}

function watch(
  prototype: object,
  name: string,
  databaseOf: (self: unknown) => Sqlite.Database,
  before: () => void,
): () => void {
  const methods = prototype as Record<string, (...args: unknown[]) => unknown>;
  const original = methods[name];
  methods[name] = function (this: unknown, ...args: unknown[]) {
    if (!databaseOf(this).inTransaction) before();
    return original.apply(this, args);
  };
  return () => void (methods[name] = original);
}
