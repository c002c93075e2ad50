import { machineOf } from './part-head.js';
import { type Expected, PartReader } from './part-reader.js';
import { type PartWriter, writePart } from './part-writer.js';
import { configOf, expectedPart, partFile, type Plan, tasksOf } from './plan.js';

/**
 * Opens the part of `step` and `shard`, when it is whole and the one of the plan.
 * @param rows how many it must have, where the plan does not say @throws NotYetError, PartError
 */
export function openPlannedPart(
  plan: Plan,
  exchange: string,
  step: string,
  shard: number,
  rows?: Expected['rows'],
): PartReader {
  const expected = { ...expectedPart(plan, step, shard), ...(rows !== undefined && { rows }) };
  return PartReader.open(partFile(exchange, step, shard, tasksOf(plan, step)), expected);
}

/** Writes the part of `step` and `shard`, whole or not at all. @param write returns its number of rows */
export function writePlannedPart(
  plan: Plan,
  exchange: string,
  step: string,
  shard: number,
  write: (part: PartWriter) => number | Promise<number>,
): Promise<void> {
  const of = tasksOf(plan, step);
  const machine = machineOf(configOf(plan));
  return writePart(partFile(exchange, step, shard, of), async (part) => {
    const rows = await write(part);
    return { plan: plan.fingerprint, step, shard, of, rows, machine };
  });
}
