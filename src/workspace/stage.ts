import type { Config } from '../core/config.js';
import type { Progress } from '../core/progress.js';
import { fingerprint } from '../core/fingerprint.js';
import { type StageName, type StageResult, stageResults } from './results.js';
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
 * Key of the work that `stage` does on `inputs`. Versions of the algorithm from 2 on are part of it; version 1 is not
 * written, so that work from before stages had versions is found.
 */
export const keyOf = (stage: StageName, inputs: object): string => {
  const { version } = stageResults[stage];
  return `${stage}-${fingerprint(version > 1 ? { ...inputs, version } : inputs)}`;
};

/**
 * Returns the stored result of `stage` for these `inputs` (what it reads and the settings it heeds), or does the work
 * and stores what it returns. `work` is told the key: it names the files and runs that it makes.
 */
export async function doOnce<N extends StageName>(
  context: StageContext,
  stage: N,
  inputs: object,
  work: (key: string) => Promise<StageResult<N>> | StageResult<N>,
): Promise<StageOutcome<StageResult<N>>> {
  const key = keyOf(stage, inputs);
  const done = context.force ? undefined : readDone(context.workspace, stage, key);
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

/** Undefined where nothing was stored, or another version stored it in another form. */
const readDone = <N extends StageName>(workspace: Workspace, stage: N, key: string): StageResult<N> | undefined =>
  asResult(stage, finishedWork(workspace, key)?.result);

/** `stored` as the result of `stage`; undefined where it has another form. */
export function asResult<N extends StageName>(stage: N, stored: unknown): StageResult<N> | undefined {
  const parsed = stageResults[stage].schema.safeParse(stored);
  return parsed.success ? (parsed.data as StageResult<N>) : undefined;
}

const currentFact = (stage: StageName): string => `current:${stage}`;

/** Key of the work that `stage` was asked for last; for stages that make runs, the run's id. */
export const currentKey = (workspace: Workspace, stage: StageName): string | undefined =>
  readFact(workspace, currentFact(stage));

/** The result of the work that `stage` was asked for last; undefined without one, and where another version stored it. */
export function currentResult<N extends StageName>(workspace: Workspace, stage: N): StageResult<N> | undefined {
  const key = currentKey(workspace, stage);
  return key === undefined ? undefined : readDone(workspace, stage, key);
}

/** Changes whenever the work that `stage` was asked for last is another, or was done again. */
export function currentStamp(workspace: Workspace, stage: StageName): string | undefined {
  const key = currentKey(workspace, stage);
  const finishedAt = workspace.database.prepare('SELECT finished_at FROM stages WHERE key = ?').pluck().get(key);
  return key && `${key} ${finishedAt as string}`;
}

/** Work of `stage` that was done counts as not done. */
export const forgetResults = ({ database }: Workspace, stage: StageName): void =>
  void database.prepare('DELETE FROM stages WHERE stage = ?').run(stage);

/** Notes `text` unless that was noted in this workspace before. */
export function sayOnce({ workspace, progress }: Pick<StageContext, 'workspace' | 'progress'>, text?: string): void {
  if (text === undefined) return;
  const said = `said:${fingerprint(text)}`;
  if (readFact(workspace, said) !== undefined) return;
  progress.note(text);
  writeFact(workspace, said, text);
}
