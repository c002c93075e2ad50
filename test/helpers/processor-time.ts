import { expect } from 'vitest';

/**
 * Does `work`, and expects that this process computed for at most `seconds`. A limit on time would depend on what else the
 * machine does.
 */
export async function expectProcessorTime(seconds: number, work: () => unknown): Promise<void> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6, 'seconds of processor time').toBeLessThan(seconds);
}
