import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PRIVATE_FOLDER } from '../core/atomic-write.js';
import { quietly, UsageError } from '../core/errors.js';
import { makeFolder } from '../core/make-folder.js';
import { suggestName } from '../core/nearest-name.js';
import type { Progress } from '../core/progress.js';
import { donePart } from './part-reader.js';
import { configOf, expectedPart, partFile, type Plan, type PlannedStep, readPlan } from './plan.js';
import { refuseSharedPlace } from './places.js';
import { steps } from './steps.js';

export interface TaskRequest {
  exchange: string;
  step: string;
  /** `3/8`: which task, from 0, and of how many. */
  task: string;
  /** Folder on a disk of this machine; without one, a new one that is removed. */
  scratch?: string;
  workspace: string;
  force: boolean;
  progress: Progress;
  signal: AbortSignal;
}

export interface TaskResult {
  step: string;
  shard: number;
  of: number;
  wasDone: boolean;
  seconds: number;
  /** The part or the workspace that it left. */
  out: string;
}

/**
 * Does one task of a plan, unless its part is there. A last step is asked of its workspace, which knows what is done.
 * @throws UsageError, NotYetError, PartError, PlanError, InterruptedError
 */
export async function runTask(request: TaskRequest): Promise<TaskResult> {
  const { step: name, force, progress, signal } = request;
  const [exchange, workspace] = [resolve(request.exchange), resolve(request.workspace)];
  const plan = readPlan(exchange);
  const planned = plannedStep(plan, name);
  const shard = shardOf(request.task, planned);
  const file = partFile(exchange, name, shard, planned.tasks);
  const result = { step: name, shard, of: planned.tasks };
  const isLast = planned.writes === 'workspace';
  if (isLast) sayDoubt(progress, refuseSharedPlace(workspace, '--workspace', exchange));
  if (!isLast && !force && donePart(file, expectedPart(plan, name, shard)))
    return { ...result, wasDone: true, seconds: 0, out: file };
  const start = performance.now();
  const scratch = openScratch(request.scratch, exchange, progress);
  goTo(plan.folder);
  try {
    const task = {
      plan,
      config: configOf(plan),
      exchange,
      shard,
      progress,
      signal,
      scratch: scratch.folder,
      workspace,
    };
    await steps.find((step) => step.name === name)!.run(task);
  } finally {
    scratch.close();
  }
  return { ...result, wasDone: false, seconds: (performance.now() - start) / 1000, out: isLast ? workspace : file };
}

function plannedStep({ steps: planned }: Plan, name: string): PlannedStep {
  const found = planned.find((step) => step.name === name);
  if (found) return found;
  const names = planned.map((step) => step.name);
  throw new UsageError(`The plan has no step "${name}"; it has ${names.join(', ')}.`, suggestName(name, names));
}

function shardOf(task: string, { name, tasks }: PlannedStep): number {
  const [, shard, of] = /^(\d+)\/(\d+)$/.exec(task)?.map(Number) ?? [];
  if (of === tasks && shard < tasks) return shard;
  throw new UsageError(
    `"${task}" is no task of the step "${name}": they are 0/${tasks}${tasks > 1 ? ` to ${tasks - 1}/${tasks}` : ''}.`,
  );
}

/** Paths in the settings are relative to where the work was planned, where that folder is on this machine. */
function goTo(folder: string): void {
  quietly(() => process.chdir(folder));
}

interface Scratch {
  folder: string;
  close(): void;
}

function openScratch(named: string | undefined, exchange: string, progress: Progress): Scratch {
  if (named === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'facesieve-shard-')); // for this user alone
    return { folder, close: () => quietly(() => rmSync(folder, { recursive: true, force: true })) };
  }
  sayDoubt(progress, refuseSharedPlace(named, '--scratch', exchange));
  const folder = resolve(named);
  makeFolder(folder, PRIVATE_FOLDER);
  return { folder, close: () => undefined };
}

function sayDoubt(progress: Progress, doubt: string | undefined): void {
  if (doubt !== undefined) progress.note(doubt);
}
