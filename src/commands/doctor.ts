import { availableParallelism, totalmem } from 'node:os';
import { z } from 'zod';
import { BaseCommand } from '../cli/base-command.js';
import { reportEngines } from '../engine/engine-report.js';
import { libraryVersions } from '../images/library-versions.js';
import { table } from '../report/table.js';
import { sqliteVersion } from '../store/database.js';

export const doctorSchema = z.object({
  engines: z.array(
    z.object({ name: z.string(), available: z.boolean(), devices: z.array(z.string()), detail: z.string() }),
  ),
  libraries: z.record(z.string(), z.string()),
  node: z.string(),
  threads: z.number().int(),
  memoryGiB: z.number(),
});

export default class Doctor extends BaseCommand<typeof Doctor> {
  static override resultSchema = doctorSchema;
  static override summary = 'Tell what this machine can do: engines, devices, libraries.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run(): Promise<z.infer<typeof doctorSchema>> {
    const engines = await reportEngines();
    const libraries = { ...libraryVersions(), sqlite: sqliteVersion() };
    const memoryGiB = Number((totalmem() / 2 ** 30).toFixed(1));
    const threads = availableParallelism();
    this.log(`node ${process.version}, ${threads} threads, ${memoryGiB} GiB of memory\n`);
    const rows = engines.map(({ name, available, devices, detail }) => [
      name,
      available ? 'yes' : 'no',
      devices.join(', '),
      detail,
    ]);
    this.log(table(['engine', 'usable', 'devices', ''], rows));
    this.log(
      `\n${Object.entries(libraries)
        .map(([name, version]) => `${name} ${version}`)
        .join(', ')}`,
    );
    return { engines, libraries, node: process.version, threads, memoryGiB };
  }
}
