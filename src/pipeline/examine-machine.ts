import { availableParallelism, totalmem } from 'node:os';
import type { Config } from '../core/config.js';
import { type EngineReport, reportEngines } from '../engine/engine-report.js';
import { indexKinds } from '../index/indexes.js';
import type { IndexKind } from '../index/neighbour-index.js';
import { libraryVersions } from '../images/decode.js';
import { measureSpeed } from '../training/measure-speed.js';
import { sqliteVersion } from '../workspace/database.js';

/** What this machine can do. */
export interface Machine {
  engines: (EngineReport & { imagesPerSecond: Record<string, number> })[];
  /** Kinds of neighbour index, and what those that need a package say of it. */
  indexes: { name: string; available: boolean; detail: string }[];
  libraries: Record<string, string>;
  node: string;
  threads: number;
  memoryGiB: number;
}

/** @param configOf settings to train with for a moment on an engine's device; without it no speed is measured */
export async function examineMachine(configOf?: (engine: string, device: string) => Config): Promise<Machine> {
  const engines = [];
  for (const report of await reportEngines())
    engines.push({ ...report, imagesPerSecond: configOf ? await speedsOf(report, configOf) : {} });
  return {
    engines,
    indexes: Object.values<IndexKind>(indexKinds).map(({ name, summary, state }) => ({
      name,
      ...(state?.() ?? { available: true, detail: summary }),
    })),
    libraries: { ...libraryVersions(), sqlite: sqliteVersion() },
    node: process.version,
    threads: availableParallelism(),
    memoryGiB: Number((totalmem() / 2 ** 30).toFixed(1)),
  };
}

async function speedsOf(
  { name, devices }: EngineReport,
  configOf: (engine: string, device: string) => Config,
): Promise<Record<string, number>> {
  const speeds: Record<string, number> = {};
  for (const device of devices) speeds[device] = await measureSpeed(configOf(name, device));
  return speeds;
}
