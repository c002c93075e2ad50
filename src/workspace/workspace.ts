import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PRIVATE_FILE, PRIVATE_FOLDER } from '../core/atomic-write.js';
import { MissingStageError, PathError, WorkspaceError, quietly } from '../core/errors.js';
import { makeFolder } from '../core/make-folder.js';
import { explainSystemError } from '../core/system-errors.js';
import { type Database, holdLock, openDatabase } from './database.js';

/** One directory that holds everything the stages leave. The source images are never in it. */
export interface Workspace {
  folder: string;
  database: Database;
  /** True when the folder is read-only: `database` is a copy, and what is written to it is lost. */
  isCopy?: boolean;
  /** Path of a file in the workspace. */
  file(...parts: string[]): string;
  close(): void;
}

const DATABASE = 'facesieve.db';
const LOCK = 'lock.db';
const HOLDER = 'lock.holder';

/** Originals that purify copies out of archives; whoever is killed meanwhile leaves them behind. */
export const SPOOL = ['crops', 'originals.tmp'] as const;

/**
 * Opens `folder` for a stage that writes; makes it when told to, for its owner alone.
 * @throws WorkspaceBusyError when another process holds it, WorkspaceError when it is somebody else's folder,
 * PathError when there is none and none may be made
 */
export function openWorkspace(folder: string, create = true): Workspace {
  const root = resolve(folder);
  const at = (...parts: string[]): string => join(root, ...parts);
  if (!create) assertWorkspace(folder);
  try {
    refuseForeignFolder(folder, root);
    makeFolder(root, PRIVATE_FOLDER);
    const release = holdLock(at(LOCK), () => readHolder(at(HOLDER)));
    return workspaceHeld(root, release);
  } catch (error) {
    throw explainSystemError(error, { doing: `opening the workspace "${folder}"`, path: root });
  }
}

function refuseForeignFolder(folder: string, root: string): void {
  if (!existsSync(root) || existsSync(join(root, DATABASE)) || readdirSync(root).every((name) => ours.test(name)))
    return;
  throw new WorkspaceError(`"${folder}" holds files that are not a facesieve workspace.`, [
    'Choose a new folder with --workspace.',
  ]);
}

/** @param release of the lock, in every way out */
function workspaceHeld(root: string, release: () => void): Workspace {
  const at = (...parts: string[]): string => join(root, ...parts);
  try {
    quietly(() =>
      writeFileSync(at(HOLDER), `process ${process.pid}, since ${new Date().toISOString()}`, { mode: PRIVATE_FILE }),
    );
    quietly(() => rmSync(at(...SPOOL), { force: true }));
    return workspaceOf(root, openDatabase(at(DATABASE)), () => {
      quietly(() => rmSync(at(HOLDER), { force: true }));
      release();
    });
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * Opens an existing workspace for looking things up; any number of processes may. One that cannot be written to is looked
 * into by a copy of its database; what is written to that copy is not kept. @throws PathError, WorkspaceError
 */
export function lookIntoWorkspace(folder: string): Workspace {
  assertWorkspace(folder);
  const root = resolve(folder);
  try {
    if (isWritable(root)) return workspaceOf(root, openDatabase(join(root, DATABASE)), () => undefined);
    return lookIntoCopy(root);
  } catch (error) {
    throw explainSystemError(error, { doing: `opening the workspace "${folder}"`, path: join(root, DATABASE) });
  }
}

/** SQLite in WAL mode writes beside a database also to read it. */
function isWritable(root: string): boolean {
  try {
    for (const path of [root, join(root, DATABASE)]) accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return false;
  }
}

function lookIntoCopy(root: string): Workspace {
  const copy = mkdtempSync(join(tmpdir(), 'facesieve-read-')); // for this user alone
  const remove = (): void => rmSync(copy, { recursive: true, force: true });
  try {
    for (const name of [DATABASE, `${DATABASE}-wal`])
      if (existsSync(join(root, name))) {
        copyFileSync(join(root, name), join(copy, name));
        chmodSync(join(copy, name), PRIVATE_FILE);
      }
    return { ...workspaceOf(root, openDatabase(join(copy, DATABASE)), remove), isCopy: true };
  } catch (error) {
    remove();
    throw error;
  }
}

function assertWorkspace(folder: string): void {
  if (existsSync(join(folder, DATABASE))) return;
  throw new PathError(`There is no workspace in "${folder}".`, [
    'Run `facesieve run SOURCE` or `facesieve ingest SOURCE` first, or name the right folder with --workspace.',
  ]);
}

/** Folder of the saved neighbour index. */
export const INDEX_FOLDER = 'index';

const ours =
  /^(facesieve\.db.*|lock\.(db.*|holder)|crops|checkpoints|embeddings|index|reports|purified|\.purified\..*)$/;

/** Whether something of this name is a part of a workspace that a set must not take the place of: all but `purified`. */
export const isPartOfWorkspace = (name: string): boolean =>
  /^(facesieve\.db.*|lock\..*|crops|checkpoints|embeddings|index|reports)$/.test(name);

function workspaceOf(folder: string, database: Database, release: () => void): Workspace {
  return {
    folder,
    database,
    file: (...parts) => join(folder, ...parts),
    close() {
      try {
        database.close();
      } finally {
        release();
      }
    },
  };
}

function readHolder(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return 'process unknown';
  }
}

/** A single fact of the workspace, e.g. where its images came from. */
export function readFact(workspace: Workspace, name: string): string | undefined {
  const row = workspace.database.prepare('SELECT value FROM facts WHERE name = ?').get(name);
  return (row as { value: string } | undefined)?.value;
}

/** @throws MissingStageError telling which command leaves the fact */
export function requireFact(workspace: Workspace, name: string, command: string): string {
  const value = readFact(workspace, name);
  if (value === undefined)
    throw new MissingStageError(
      `This needs what \`facesieve ${command}\` leaves in the workspace; it was not run yet.`,
      [`facesieve ${command}`],
    );
  return value;
}

export function writeFact(workspace: Workspace, name: string, value: string): void {
  workspace.database
    .prepare('INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value')
    .run(name, value);
}

export function deleteFact(workspace: Workspace, name: string): void {
  workspace.database.prepare('DELETE FROM facts WHERE name = ?').run(name);
}
