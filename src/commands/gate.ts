import { Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { exitCodes } from '../cli/exit-codes.js';
import { gateFormatNames, gateFormats } from '../gate/formats.js';
import { gate } from '../gate/gate.js';
import { type GateResult, gateSchema } from '../gate/judge.js';

export default class Gate extends BaseCommand<typeof Gate> {
  static override resultSchema = gateSchema;
  static override summary = 'Hold the data set to rules; exit 1 when one is broken.';
  static override flags = {
    rules: Flags.string({ summary: 'JSON or YAML file of rules.', required: true }),
    format: Flags.string({ summary: 'How the result is shown.', options: gateFormatNames, default: 'text' }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %> --rules rules.json'];

  async run(): Promise<GateResult> {
    const result = await this.asReader((workspace) => gate(workspace, this.flags.rules));
    if (!this.jsonEnabled())
      process.stdout.write(gateFormats.find(({ name }) => name === this.flags.format)!.write(result));
    if (!result.passed) process.exitCode = exitCodes.gateFailed;
    return result;
  }
}
