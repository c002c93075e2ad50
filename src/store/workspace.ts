import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { explainWriteError } from '../core/atomic-write.js';
import { makeFolder } from '../core/make-folder.js';
import { MissingStageError, PathError, WorkspaceError } from '../core/errors.js';
import { type Database, holdLock, openDatabase } from './database.js';

/** One directory that holds everything the stages leave. The source images are never in it. */
export interface Workspace {
  folder: string;
  database: Database;
  /** Path of a file in the workspace. */
  file(...parts: string[]): string;
  close(): void;
}

const DATABASE = 'facesieve.db';
const LOCK = 'lock.db';
const HOLDER = 'lock.holder';

/**
 * Opens `folder` for a stage that writes; makes it when told to.
 * @throws WorkspaceBusyError when another process holds it, WorkspaceError when it is somebody else's folder,
 * PathError when there is none and none may be made
 */
export function openWorkspace(folder: string, create = true): Workspace {
  const root = resolve(folder);
  const at = (...parts: string[]): string => join(root, ...parts);
  if (!create) assertWorkspace(folder);
  if (existsSync(root) && !existsSync(at(DATABASE)) && readdirSync(root).some((name) => !ours.test(name)))
    throw new WorkspaceError(`"${folder}" holds files that are not a facesieve workspace.`, [
      'Choose a new folder with --workspace.',
    ]);
  try {
    makeFolder(root);
  } catch (error) {
    throw explainWriteError(error, root);
  }
  const release = holdLock(at(LOCK), () => readHolder(at(HOLDER)));
  try {
    writeFileSync(at(HOLDER), `process ${process.pid}, since ${new Date().toISOString()}`);
    return workspaceOf(root, openDatabase(at(DATABASE)), () => {
      rmSync(at(HOLDER), { force: true });
      release();
    });
  } catch (error) {
    release();
    throw error;
  }
}

/** Opens an existing workspace for looking things up; any number of processes may.  @throws PathError, WorkspaceError */
export function lookIntoWorkspace(folder: string): Workspace {
  assertWorkspace(folder);
  const root = resolve(folder);
  return workspaceOf(root, openDatabase(join(root, DATABASE)), () => undefined);
}

function assertWorkspace(folder: string): void {
  if (existsSync(join(folder, DATABASE))) return;
  throw new PathError(`There is no workspace in "${folder}".`, [
    'Run `facesieve run SOURCE` or `facesieve ingest SOURCE` first, or name the right folder with --workspace.',
  ]);
}

const ours =
  /^(facesieve\.db.*|lock\.(db.*|holder)|crops|checkpoints|embeddings|index|reports|purified|\.purified\.partial)$/;

function workspaceOf(folder: string, database: Database, release: () => void): Workspace {
  return {
    folder,
    database,
    file: (...parts) => join(folder, ...parts),
    close() {
      database.close();
      release();
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
