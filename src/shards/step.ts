import type { Config } from '../core/config.js';
import type { Progress } from '../core/progress.js';
import type { Plan, PlannedStep } from './plan.js';

/** What a task is handed. */
export interface Task {
  plan: Plan;
  config: Config;
  exchange: string;
  shard: number;
  progress: Progress;
  signal: AbortSignal;
  /** Folder for what is only needed while the task runs: what is there is gone on with. */
  scratch: string;
  /** Folder of the workspace that the last step leaves. */
  workspace: string;
}

/** A step: a file, and a row here. What it reads and writes are names of other steps, `list`, or `workspace`. */
export interface Step extends Omit<PlannedStep, 'tasks'> {
  /** Only where a frozen model makes the features. */
  frozenOnly?: boolean;
  run(task: Task): Promise<void>;
}
