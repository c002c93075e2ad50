import { closeSync, existsSync, openSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { PRIVATE_FILE } from '../core/atomic-write.js';
import { WorkspaceBusyError, WorkspaceError } from '../core/errors.js';
import { migrations } from './migrations.js';

export type Database = Sqlite.Database;

/** @throws WorkspaceError if SQLite's native module was not built, as where npm was not let run install scripts */
function openSqlite(file: string): Database {
  try {
    return new Sqlite(file);
  } catch (error) {
    if (!(error instanceof Error && /^Could not locate the bindings file|NODE_MODULE_VERSION/.test(error.message)))
      throw error;
    throw new WorkspaceError('better-sqlite3, which the workspace needs, was not built for this Node.', [
      'Build it where facesieve is installed: npm rebuild better-sqlite3 usearch (needs g++, make and python3).',
      'npm >= 11.19 runs install scripts only if package.json says so: see Install in the README.',
    ]);
  }
}

/**
 * Opens a workspace's database and brings it to this version.
 * @throws WorkspaceError when it is damaged or was written by a newer version
 */
export function openDatabase(file: string): Database {
  let database: Database | undefined;
  try {
    makePrivate(file);
    database = openSqlite(file);
    database.pragma('busy_timeout = 5000');
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL'); // what was acknowledged survives a power cut: WAL alone syncs at checkpoints only
    migrate(database, file);
    return database;
  } catch (error) {
    database?.close();
    if ((error as { code?: string }).code === 'SQLITE_NOTADB')
      throw new WorkspaceError(`"${file}" is not a facesieve database, or it is damaged.`, [
        'Point --workspace at another folder, or move this one away.',
      ]);
    throw error;
  }
}

/** SQLite gives the files beside a database the rights of the database. */
function makePrivate(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, 'a', PRIVATE_FILE));
}

function migrate(database: Database, file: string): void {
  const version = database.pragma('user_version', { simple: true }) as number;
  if (version > migrations.length)
    throw new WorkspaceError(
      `"${file}" was written by a newer facesieve (schema ${version}; this one knows ${migrations.length}).`,
      ['Install the newer facesieve, or use another --workspace.'],
    );
  migrations.slice(version).forEach((sql, i) => {
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`user_version = ${version + i + 1}`);
    })();
  });
}

/** What SQLite itself finds wrong with the database; empty when it is sound. */
export function integrityProblems(database: Database): string[] {
  const lines = database.pragma('integrity_check', { simple: false }) as { integrity_check: string }[];
  return lines.map((line) => line.integrity_check).filter((line) => line !== 'ok');
}

/** From now on, bytes of deleted and changed rows are overwritten. */
export const overwriteDeleted = (database: Database): void => void database.pragma('secure_delete = ON');

/** From now on, what was committed is on the disk when the commit returns. */
export const commitDurably = (database: Database): void => void database.pragma('synchronous = FULL');

/**
 * Writes the database anew, without free pages and with an empty log: nothing that was deleted is left in its files. Returns
 * false when another process reads in it, whose log then stays until that ends.
 */
export function compactDatabase(database: Database): boolean {
  emptyLog(database);
  database.exec('VACUUM');
  return emptyLog(database);
}

function emptyLog(database: Database): boolean {
  const [{ busy }] = database.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
  return busy === 0;
}

/**
 * Holds `file` against every other process until the returned function is called or this process dies: the operating
 * system frees SQLite's lock, so a killed process leaves none behind.
 * @throws WorkspaceBusyError
 */
export function holdLock(file: string, holder: () => string): () => void {
  makePrivate(file);
  const lock = openSqlite(file);
  try {
    lock.pragma('busy_timeout = 0');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    throw new WorkspaceBusyError(`Another facesieve is working in this workspace (${holder()}).`, [
      'Wait for it, stop it, or use another --workspace.',
    ]);
  }
  return () => lock.close();
}

export const sqliteVersion = (): string => {
  const memory = openSqlite(':memory:');
  const version = memory.prepare('SELECT sqlite_version()').pluck().get() as string;
  memory.close();
  return version;
};
