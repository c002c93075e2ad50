import { shellWord } from '../core/text/visible-text.js';
import { type Machine, partWords } from './part-head.js';
import { donePart } from './part-reader.js';
import { expectedPart, partFile, type Plan, readPlan } from './plan.js';

export interface StepStatus {
  name: string;
  kind: 'map' | 'reduce';
  tasks: number;
  done: number;
  /** Tasks whose part is not there, or must be made again. */
  missing: number[];
}

/** Machines of one kind, and how many parts they made. */
export interface MachineKind extends Machine {
  parts: number;
}

export interface PlanStatus {
  source: string;
  shards: number;
  files: number;
  images: number;
  steps: StepStatus[];
  machines: MachineKind[];
  /** What to run next; undefined when all is done. */
  next?: string;
}

/** Which parts are there, by their heads and lengths. @throws NotYetError, PlanError */
export function planStatus(exchange: string): PlanStatus {
  const plan = readPlan(exchange);
  const machines = new Map<string, MachineKind>();
  const steps = plan.steps.map(({ name, kind, tasks }): StepStatus => {
    const missing: number[] = [];
    for (let shard = 0; shard < tasks; shard++) {
      const head = donePart(partFile(exchange, name, shard, tasks), expectedPart(plan, name, shard));
      if (!head) missing.push(shard);
      else if (name !== 'merge') countMachine(machines, head.machine);
    }
    return { name, kind, tasks, done: tasks - missing.length, missing };
  });
  const next = nextTask(plan, steps, exchange);
  return {
    ...{ source: plan.ingest.source, shards: plan.shards, files: plan.entries, images: plan.images },
    ...{ steps, machines: [...machines.values()] },
    ...(next !== undefined && { next }),
  };
}

function countMachine(kinds: Map<string, MachineKind>, machine: Machine): void {
  const key = JSON.stringify(machine);
  const kind = kinds.get(key) ?? { ...machine, parts: 0 };
  kind.parts++;
  kinds.set(key, kind);
}

function nextTask({ steps: planned }: Plan, steps: readonly StepStatus[], exchange: string): string | undefined {
  const open = steps.findIndex(({ missing }) => missing.length > 0);
  if (open < 0) return undefined;
  const { name, tasks, missing } = steps[open];
  const words = partWords({ step: name, shard: missing[0], of: tasks });
  const workspace = planned[open].writes === 'workspace' ? ' --workspace DIR' : '';
  return `facesieve shard run ${words} --exchange ${shellWord(exchange)}${workspace}`;
}
