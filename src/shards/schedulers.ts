import { chmodSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writePrivately } from '../core/atomic-write.js';
import { configOf, type Plan } from './plan.js';
import type { Scheduler } from './scheduler.js';
import { kubernetes } from './schedulers/kubernetes.js';
import { slurm } from './schedulers/slurm.js';

/** One file, and a row here. */
export const schedulers: readonly Scheduler[] = [slurm, kubernetes];

/** Writes the files of scheduler `name` into the exchange folder. Returns their paths. */
export function writeSchedule(name: string, plan: Plan, exchange: string, workspace: string | undefined): string[] {
  const folder = resolve(exchange);
  const program = [process.execPath, resolve(import.meta.dirname, '../../bin/run.js')];
  const files = schedulers
    .find((scheduler) => scheduler.name === name)!
    .files({
      ...{ plan, exchange: folder, program, threads: configOf(plan).threads },
      ...(workspace !== undefined && { workspace: resolve(workspace) }),
    });
  return Object.entries(files).map(([file, text]) => {
    const path = join(folder, file);
    writePrivately(path, text);
    if (file.endsWith('.sh')) chmodSync(path, 0o700);
    return path;
  });
}
