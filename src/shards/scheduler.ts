import type { Plan } from './plan.js';

/** What the files for a scheduler are made of. */
export interface Schedule {
  plan: Plan;
  /** Absolute. */
  exchange: string;
  /** Of the last step; undefined when nobody named one. */
  workspace?: string;
  threads: number;
  /** The program that plans, as a command line: Node and its script. */
  program: readonly string[];
}

/** A scheduler: what it is called, and the files that start the work on it, by name. Some are run: `.sh`. */
export interface Scheduler {
  name: string;
  files(schedule: Schedule): Record<string, string>;
}
