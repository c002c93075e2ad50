import { existsSync } from 'node:fs';
import type { Config } from '../core/config.js';
import { storedConfig } from '../core/resolve-config.js';
import { MissingStageError } from '../core/errors.js';
import { suggestName } from '../core/nearest-name.js';
import { readCheckpoint, type TrainingProgress } from '../model/checkpoint.js';
import type { StageName } from './results.js';
import { currentKey } from './stage.js';
import type { Workspace } from './workspace.js';

/** One execution of a stage with its resolved config; ids derive from inputs and config. */
export interface Run {
  id: string;
  stage: string;
  parent: string | null;
  config: Config;
  inputs: unknown;
}

export function recordRun(workspace: Workspace, run: Run): void {
  workspace.database
    .prepare('INSERT OR IGNORE INTO runs VALUES (?, ?, ?, ?, ?, ?)')
    .run(
      run.id,
      run.stage,
      run.parent,
      JSON.stringify(run.config),
      JSON.stringify(run.inputs),
      new Date().toISOString(),
    );
}

export function findRun(workspace: Workspace, id: string): Run | undefined {
  const row = workspace.database.prepare('SELECT * FROM runs WHERE id = ?').get(id) as
    { id: string; stage: string; parent: string | null; config: string; inputs: string } | undefined;
  return row && { ...row, config: storedConfig(row.config), inputs: JSON.parse(row.inputs) };
}

export const allRuns = ({ database }: Workspace): Run[] =>
  (
    database.prepare('SELECT id, stage, parent, config, inputs FROM runs ORDER BY id').all() as Record<string, string>[]
  ).map(
    ({ config, inputs, ...row }) =>
      ({ ...row, config: storedConfig(config), inputs: JSON.parse(inputs) as unknown }) as Run,
  );

/** Runs on the dataset named `before` are on `after` now: what was taken out of it was taken out of them. */
export function renameDataset({ database }: Workspace, before: string, after: string): void {
  database
    .prepare("UPDATE runs SET inputs = json_set(inputs, '$.dataset', ?) WHERE json_extract(inputs, '$.dataset') = ?")
    .run(after, before);
}

/**
 * Run `id`, or without one the current run of `stage`.
 * @throws MissingStageError
 */
export function chooseRun(workspace: Workspace, id: string | undefined, stage: StageName): Run {
  const wanted = id ?? currentKey(workspace, stage);
  const run = wanted === undefined ? undefined : findRun(workspace, wanted);
  if (run) return run;
  if (wanted === undefined)
    throw new MissingStageError(`There is no ${stage} run in this workspace yet.`, [`facesieve ${stage}`]);
  const known = workspace.database.prepare('SELECT id FROM runs').pluck().all() as string[];
  throw new MissingStageError(`There is no run "${wanted}" in this workspace.`, suggestName(wanted, known));
}

/** The run on the crawl itself that `run` goes back to, round by round. */
export function firstRound(workspace: Workspace, run: Run): Run {
  const parent = run.parent === null ? undefined : findRun(workspace, run.parent);
  return parent ? firstRound(workspace, parent) : run;
}

export const checkpointFileOf = (workspace: Workspace, run: string): string =>
  workspace.file('checkpoints', `${run}.safetensors`);

/** How a training went, epoch by epoch; nothing where its checkpoint is gone, as checkpoints may be. */
export function trainingHistoryOf(workspace: Workspace, run: string): TrainingProgress['history'] {
  const file = checkpointFileOf(workspace, run);
  return existsSync(file) ? readCheckpoint(file, []).progress.history : [];
}
