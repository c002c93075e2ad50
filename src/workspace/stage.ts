import type { Config } from '../core/config.js';
import type { Progress } from '../core/progress.js';
import { fingerprint } from '../core/fingerprint.js';
import { readFact, type Workspace, writeFact } from './workspace.js';

/** What every stage is handed. */
export interface StageContext {
  workspace: Workspace;
  config: Config;
  progress: Progress;
  signal: AbortSignal;
  /** Redo work that is done already. */
  force: boolean;
}

export interface StageOutcome<R> {
  result: R;
  skipped: boolean;
  seconds: number;
}

/**
 * Returns the stored result of `stage` for these `inputs` (what it reads and the settings it heeds), or does the work
 * and stores what it returns. `work` is told the key: it names the files and runs that it makes.
 */
export async function doOnce<R extends object>(
  context: StageContext,
  stage: string,
  inputs: unknown,
  work: (key: string) => Promise<R> | R,
): Promise<StageOutcome<R>> {
  const key = `${stage}-${fingerprint(inputs)}`;
  const done = context.force ? undefined : readDone<R>(context.workspace, key);
  if (done) {
    context.progress.note(`${stage}: done already (${key}); --force does it again`);
    writeFact(context.workspace, currentFact(stage), key);
    return { result: done, skipped: true, seconds: 0 };
  }
  const start = performance.now();
  const result = await work(key);
  const seconds = (performance.now() - start) / 1000;
  context.workspace.database
    .prepare('INSERT OR REPLACE INTO stages VALUES (?, ?, ?, ?, ?)')
    .run(key, stage, JSON.stringify(result), seconds, new Date().toISOString());
  writeFact(context.workspace, currentFact(stage), key);
  return { result, skipped: false, seconds };
}

/** Work that was done once, and when. */
export interface FinishedWork {
  key: string;
  stage: string;
  result: unknown;
  seconds: number;
  finishedAt: string;
}

export function finishedWork(workspace: Workspace, key: string): FinishedWork | undefined {
  const row = workspace.database
    .prepare('SELECT key, stage, result, seconds, finished_at finishedAt FROM stages WHERE key = ?')
    .get(key) as (FinishedWork & { result: string }) | undefined;
  return row && { ...row, result: JSON.parse(row.result) as unknown };
}

function readDone<R>(workspace: Workspace, key: string): R | undefined {
  const row = workspace.database.prepare('SELECT result FROM stages WHERE key = ?').get(key) as
    { result: string } | undefined;
  return row && (JSON.parse(row.result) as R);
}

const currentFact = (stage: string): string => `current:${stage}`;

/** Key of the work that `stage` was asked for last; for stages that make runs, the run's id. */
export const currentKey = (workspace: Workspace, stage: string): string | undefined =>
  readFact(workspace, currentFact(stage));

/** The result of the work that `stage` was asked for last. */
export function currentResult<R>(workspace: Workspace, stage: string): R | undefined {
  const key = currentKey(workspace, stage);
  return key === undefined ? undefined : readDone<R>(workspace, key);
}

/** Changes whenever the work that `stage` was asked for last is another, or was done again. */
export function currentStamp(workspace: Workspace, stage: string): string | undefined {
  const key = currentKey(workspace, stage);
  const finishedAt = workspace.database.prepare('SELECT finished_at FROM stages WHERE key = ?').pluck().get(key);
  return key && `${key} ${finishedAt as string}`;
}

/** Work of `stage` that was done counts as not done. */
export const forgetResults = ({ database }: Workspace, stage: string): void =>
  void database.prepare('DELETE FROM stages WHERE stage = ?').run(stage);
