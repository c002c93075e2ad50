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
  watched((call) => {
    const target = join(copies, String(call));
    // What else a killed process leaves, the lock and the shared index of the log, is free and made anew.
    fs.cpSync(folder, target, { recursive: true, filter: (from) => !/lock\.|-shm$/.test(from) });
    made.push(target);
  }, work);
  return made;
}

/** Does `work`, in which the `n`-th such call fails as a bad disk does. @throws what the work makes of it */
export function failingAt(n: number, work: () => void): void {
  watched((call) => {
    if (call === n) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO', errno: -5 });
  }, work);
}

/** Does `work`, and tells `before` the number of each call that may change something, before it is done. */
function watched(before: (call: number) => void, work: () => void): void {
  let call = 0;
  let busy = false;
  const tell = (): void => {
    if (busy) return;
    busy = true;
    try {
      before(call++);
    } finally {
      busy = false;
    }
  };
  const undo = [...watchFiles(tell), ...watchDatabase(tell)];
  try {
    work();
  } finally {
    for (const restore of undo) restore();
    syncBuiltinESMExports();
  }
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
