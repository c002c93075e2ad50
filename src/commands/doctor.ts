import { availableParallelism, totalmem } from 'node:os';
import { Flags } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../cli/base-command.js';
import { packsSchema, packsTable } from '../cli/packs-table.js';
import { resolveConfig } from '../core/resolve-config.js';
import { type EngineReport, reportEngines } from '../engine/engine-report.js';
import { libraryVersions } from '../images/library-versions.js';
import { listPacks } from '../model/list-networks.js';
import { table } from '../report/table.js';
import { sqliteVersion } from '../store/database.js';
import { measureSpeed } from '../train/measure-speed.js';

export const doctorSchema = z.object({
  engines: z.array(
    z.object({
      name: z.string(),
      available: z.boolean(),
      devices: z.array(z.string()),
      detail: z.string(),
      imagesPerSecond: z.record(z.string(), z.number()),
    }),
  ),
  packs: packsSchema,
  libraries: z.record(z.string(), z.string()),
  node: z.string(),
  threads: z.number().int(),
  memoryGiB: z.number(),
});

export default class Doctor extends BaseCommand<typeof Doctor> {
  static override resultSchema = doctorSchema;
  static override summary = 'Tell what this machine can do: engines, devices, libraries, packs of insightface.';
  static override description =
    'Every device is tried; with --measure, each usable one trains the default network for a moment.';
  static override flags = { measure: Flags.boolean({ summary: 'Train for some seconds on each device.' }) };
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run(): Promise<z.infer<typeof doctorSchema>> {
    const engines = await this.reports();
    const libraries = { ...libraryVersions(), sqlite: sqliteVersion() };
    const memoryGiB = Number((totalmem() / 2 ** 30).toFixed(1));
    const threads = availableParallelism();
    this.log(`node ${process.version}, ${threads} threads, ${memoryGiB} GiB of memory\n`);
    const rows = engines.map(({ name, available, devices, detail, imagesPerSecond }) => [
      name,
      available ? 'yes' : 'no',
      devices.map((device) => this.withSpeed(device, imagesPerSecond[device])).join(', '),
      detail,
    ]);
    this.log(table(['engine', 'usable', 'devices', ''], rows));
    this.log(
      `\n${Object.entries(libraries)
        .map(([name, version]) => `${name} ${version}`)
        .join(', ')}`,
    );
    const packs = listPacks();
    this.log(`\n${packsTable(packs)}`);
    return { engines, packs, libraries, node: process.version, threads, memoryGiB };
  }

  private async reports() {
    const reports = await reportEngines();
    const measured = [];
    for (const report of reports) measured.push({ ...report, imagesPerSecond: await this.speeds(report) });
    return measured;
  }

  private async speeds({ name, devices }: EngineReport): Promise<Record<string, number>> {
    const speeds: Record<string, number> = {};
    if (!this.flags.measure) return speeds;
    for (const device of devices) {
      const config = resolveConfig(this.settings(), { engine: name, device });
      speeds[device] = await measureSpeed(config);
    }
    return speeds;
  }

  private withSpeed(device: string, imagesPerSecond: number | undefined): string {
    return imagesPerSecond ? `${device} (${imagesPerSecond.toFixed(0)} images/s)` : device;
  }
}
