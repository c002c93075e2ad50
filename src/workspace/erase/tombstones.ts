import { createHash, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { WorkspaceError } from '../../core/errors.js';
import { deleteFact, readFact, type Workspace, writeFact } from '../workspace.js';

type Kind = 'path' | 'identity' | 'bytes';

/** What stands in the place of an image that was forgotten: says so, and nothing of what it was. */
export interface Tombstone {
  path: string;
  reason: string;
}

/** What must not come back into a workspace. */
export interface Forgotten {
  /** The tombstone of an image of this path or this identity; undefined when neither was forgotten. */
  named(path: string, identity: string): Tombstone | undefined;
  /** The same for an image with these bytes, whatever it is called now. @param sha256 of the file */
  withBytes(sha256: string | null, path: string): Tombstone | undefined;
}

const SALT = 'forget:salt';

/**
 * Names are easy to guess: the salt keeps hashes of one workspace from being looked up in another's, or in a table. Who has
 * the workspace can still ask whether a name that they know was forgotten, and so must every later ingest.
 */
const hasher =
  (salt: string) =>
  (kind: Kind, text: string): string =>
    createHash('sha256').update(`${salt}\0${kind}\0${text}`).digest('hex');

function saltOf(workspace: Workspace): string {
  const salt = readFact(workspace, SALT) ?? randomBytes(16).toString('hex');
  writeFact(workspace, SALT, salt);
  return salt;
}

const tombstonePath = (hash: string): string => `(forgotten) ${hash.slice(0, 16)}`;

interface Row {
  hash: string;
  kind: Kind;
  reason: string;
  forgotten_at: string;
}

export function readForgotten(workspace: Workspace): Forgotten {
  const rows = workspace.database.prepare('SELECT * FROM forgotten').all() as Row[];
  const reasons = new Map(
    rows.map(({ kind, hash, reason, forgotten_at }) => [`${kind} ${hash}`, reasonOf(reason, forgotten_at)]),
  );
  if (reasons.size === 0) return { named: () => undefined, withBytes: () => undefined };
  const hashOf = hasher(saltOf(workspace));
  const reasonFor = (kind: Kind, text: string): string | undefined => reasons.get(`${kind} ${hashOf(kind, text)}`);
  const tombstone = (path: string, reason: string | undefined): Tombstone | undefined =>
    reason === undefined ? undefined : { path: tombstonePath(hashOf('path', path)), reason };
  return {
    named: (path, identity) => tombstone(path, reasonFor('path', path) ?? reasonFor('identity', identity)),
    withBytes: (sha256, path) => tombstone(path, sha256 === null ? undefined : reasonFor('bytes', sha256)),
  };
}

const reasonOf = (reason: string, at: string): string => `forgotten on ${at.slice(0, 10)}: ${reason}`;

/** @param names by kind: paths, identities, sha256 of files */
export function rememberForgotten(workspace: Workspace, names: Record<Kind, Iterable<string>>, reason: string): void {
  const hashOf = hasher(saltOf(workspace));
  const insert = workspace.database.prepare('INSERT OR IGNORE INTO forgotten VALUES (?, ?, ?, ?)');
  const now = new Date().toISOString();
  for (const kind of ['path', 'identity', 'bytes'] as const)
    for (const name of names[kind]) insert.run(kind, hashOf(kind, name), reason, now);
}

/** What is being forgotten: a plan that is carried out step by step, whoever is interrupted. */
const PLAN = 'forget:plan';
/** Set from when the plan is deleted until no file holds its bytes any more. */
const SWEEP = 'forget:sweep';

/**
 * Keeps the plan in the database. It is packed: names must be known until the search of the workspace's own files is done,
 * and that search must not find the plan.
 */
export const keepForgetPlan = (workspace: Workspace, plan: { names: string[] }): void =>
  writeFact(workspace, PLAN, deflateRawSync(JSON.stringify(plan)).toString('base64'));

export function forgetPlan(workspace: Workspace): unknown {
  const packed = readFact(workspace, PLAN);
  return packed === undefined ? undefined : JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString('utf8'));
}

/** Deletes the plan; the file that held it is still to be swept. */
export const dropForgetPlan = ({ database }: Workspace): void =>
  database.transaction(() => {
    database.prepare('DELETE FROM facts WHERE name = ?').run(PLAN);
    database.prepare('INSERT OR REPLACE INTO facts VALUES (?, ?)').run(SWEEP, 'the plan is carried out');
  })();

export const isSwept = (workspace: Workspace): boolean => readFact(workspace, SWEEP) === undefined;

export const markSwept = (workspace: Workspace): void => deleteFact(workspace, SWEEP);

/**
 * Until a `forget` is finished, rows and files do not belong together, or bytes of what was deleted are still there.
 * @throws WorkspaceError when a `forget` was interrupted
 */
export function refuseHalfForgotten(workspace: Workspace): void {
  const plan = z.object({ names: z.array(z.string()) }).safeParse(forgetPlan(workspace));
  if (!plan.success && isSwept(workspace)) return;
  const names = plan.success ? plan.data.names.map((name) => JSON.stringify(name)).join(' ') : '...';
  throw new WorkspaceError('Something is being forgotten in this workspace, or that was interrupted.', [
    `Finish it: facesieve forget ${names} --yes (any other name finishes it, too).`,
  ]);
}
