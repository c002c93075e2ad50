import { Flags } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../cli/base-command.js';
import { exitCodes } from '../cli/exit-codes.js';
import { packsSchema, packsTable } from '../cli/packs-table.js';
import { resolveConfig } from '../core/resolve-config.js';
import { listPacks } from '../model/list-networks.js';
import { table } from '../core/text/table.js';
import { checkWorkspace, isSound, workspaceFindingSchema } from '../workspace/check-workspace.js';
import { examineMachine } from '../pipeline/examine-machine.js';

export const doctorSchema = z.object({
  /** What is wrong with the workspace, when one was named. */
  workspace: z.object({ folder: z.string(), sound: z.boolean(), findings: z.array(workspaceFindingSchema) }).optional(),
  engines: z.array(
    z.object({
      name: z.string(),
      available: z.boolean(),
      devices: z.array(z.string()),
      detail: z.string(),
      imagesPerSecond: z.record(z.string(), z.number()),
    }),
  ),
  indexes: z.array(z.object({ name: z.string(), available: z.boolean(), detail: z.string() })),
  packs: packsSchema,
  libraries: z.record(z.string(), z.string()),
  node: z.string(),
  threads: z.number().int(),
  memoryGiB: z.number(),
});

export default class Doctor extends BaseCommand<typeof Doctor> {
  static override resultSchema = doctorSchema;
  static override summary =
    'Show what this machine can do: engines, devices, indexes, libraries, packs of insightface; check a workspace.';
  static override description = `Every device is tried; with --measure, each usable one trains the default network for a moment.
With --workspace, all of that workspace is read and compared with its checksums; exit 1 if something is damaged.`;
  static override flags = { measure: Flags.boolean({ summary: 'Train for some seconds on each device.' }) };
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --workspace .facesieve',
  ];

  async run(): Promise<z.infer<typeof doctorSchema>> {
    // Somebody who asks about the machine does not mean the default workspace.
    if (this.namesWorkspace) return { ...(await this.machine()), workspace: await this.checkWorkspace() };
    return this.machine();
  }

  private checkWorkspace(): Promise<z.infer<typeof doctorSchema>['workspace']> {
    return this.asReader((workspace) => {
      const findings = checkWorkspace(workspace);
      const sound = isSound(findings);
      this.log('', `workspace ${workspace.folder}: ${sound ? 'sound' : 'DAMAGED'}`);
      const rows = findings.map(({ kind, path, detail }) => [kind, path, detail]);
      if (rows.length > 0) this.log(...table(['', 'path', ''], rows));
      if (!sound) process.exitCode = exitCodes.differs;
      return { folder: workspace.folder, sound, findings };
    });
  }

  private async machine(): Promise<z.infer<typeof doctorSchema>> {
    const machine = await examineMachine(
      this.flags.measure ? (engine, device) => resolveConfig(this.settings(), { engine, device }) : undefined,
    );
    const { engines, indexes, libraries, node, threads, memoryGiB } = machine;
    this.log(`node ${node}, ${threads} threads, ${memoryGiB} GiB of memory`, '');
    const rows = engines.map(({ name, available, devices, detail, imagesPerSecond }) => [
      name,
      available ? 'yes' : 'no',
      devices.map((device) => this.withSpeed(device, imagesPerSecond[device])).join(', '),
      detail,
    ]);
    this.log(...table(['engine', 'usable', 'devices', ''], rows));
    const kinds = indexes.map(({ name, available, detail }) => [name, available ? 'yes' : 'no', detail]);
    this.log('', ...table(['index', 'usable', ''], kinds));
    const versions = Object.entries(libraries).map(([name, version]) => `${name} ${version}`);
    this.log('', versions.join(', '));
    const packs = listPacks();
    this.log('', ...packsTable(packs));
    return { ...machine, packs };
  }

  private withSpeed(device: string, imagesPerSecond: number | undefined): string {
    return imagesPerSecond ? `${device} (${imagesPerSecond.toFixed(0)} images/s)` : device;
  }
}
