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
 * and stores what it returns. `work` is told the key, which names the files it writes.
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
    return { result: done, skipped: true, seconds: 0 };
  }
  const start = performance.now();
  const result = await work(key);
  const seconds = (performance.now() - start) / 1000;
  context.workspace.database
    .prepare('INSERT OR REPLACE INTO stages VALUES (?, ?, ?, ?, ?)')
    .run(key, stage, JSON.stringify(result), seconds, new Date().toISOString());
  return { result, skipped: false, seconds };
}

function readDone<R>(workspace: Workspace, key: string): R | undefined {
  const row = workspace.database.prepare('SELECT result FROM stages WHERE key = ?').get(key) as
    { result: string } | undefined;
  return row && (JSON.parse(row.result) as R);
}

/** The result that `stage` left last, in this workspace. */
export function latestResult<R>(workspace: Workspace, stage: string): R | undefined {
  const row = workspace.database
    .prepare('SELECT result FROM stages WHERE stage = ? ORDER BY finished_at DESC, rowid DESC LIMIT 1')
    .get(stage) as { result: string } | undefined;
  return row && (JSON.parse(row.result) as R);
}

/** Run that later stages build on when none is named: the one of `stage` asked for last. */
export const currentRun = (workspace: Workspace, stage: string): string | undefined =>
  readFact(workspace, `current:${stage}`);

export const setCurrentRun = (workspace: Workspace, stage: string, run: string): void =>
  writeFact(workspace, `current:${stage}`, run);
