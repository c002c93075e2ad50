import { Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { exitCodes } from '../cli/exit-codes.js';
import { refuseUnwritable } from '../core/access.js';
import { writeAtomically } from '../core/atomic-write.js';
import { gateFormatNames, gateFormats } from '../gate/formats.js';
import { textFormat } from '../gate/formats/text.js';
import { gate } from '../gate/gate.js';
import { failOnNames, type GateResult, gateSchema } from '../gate/judge.js';

export default class Gate extends BaseCommand<typeof Gate> {
  static override resultSchema = gateSchema;
  static override summary = 'Check the dataset against rules; exit 1 if one fails.';
  static override description =
    'Each rule passes, warns, fails or is not run, and says why. Exit 0: passed, 1: failed, 2: could not run.';
  static override flags = {
    rules: Flags.string({
      summary: 'JSON or YAML file of rules.',
      helpValue: 'FILE',
      atLeastOne: ['rules', 'write-baseline'],
    }),
    format: Flags.string({ summary: 'How the result is written.', options: gateFormatNames, default: 'text' }),
    out: Flags.string({ summary: 'File for the result in --format; text is printed.', helpValue: 'FILE' }),
    'fail-on': Flags.option({
      summary: 'Outcomes that also fail the gate; repeat, or separate by commas.',
      options: failOnNames,
      multiple: true,
      delimiter: ',',
    })(),
    baseline: Flags.string({ summary: 'Baseline for the rule `drift`.', helpValue: 'FILE' }),
    'write-baseline': Flags.string({
      summary: 'File to write this set to as a baseline, unless the gate fails.',
      helpValue: 'FILE',
    }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> --rules rules.yaml',
    '<%= config.bin %> <%= command.id %> --rules rules.yaml --format junit --out gate.xml --fail-on not-run',
    '<%= config.bin %> <%= command.id %> --write-baseline baseline.json',
    '<%= config.bin %> <%= command.id %> --rules rules.yaml --baseline baseline.json --format sarif --out gate.sarif',
  ];

  async run(): Promise<GateResult> {
    const { rules, format, out, baseline, 'write-baseline': writeBaseline } = this.flags;
    if (out !== undefined) refuseUnwritable(out, '--out');
    if (writeBaseline !== undefined) refuseUnwritable(writeBaseline, '--write-baseline');
    const failOn = this.flags['fail-on'];
    const result = await this.asReader((workspace) => gate(workspace, { rules, failOn, baseline, writeBaseline }));
    const written = gateFormats.find(({ name }) => name === format)!.write(result);
    if (out !== undefined) writeAtomically(out, written);
    if (!this.jsonEnabled() && rules !== undefined)
      this.writeDocument(out === undefined ? written : textFormat.write(result));
    if (result.baselineWritten !== null) this.note(`baseline written to ${result.baselineWritten}`);
    else if (writeBaseline !== undefined) this.note('no baseline was written: the gate failed');
    if (!result.passed) process.exitCode = exitCodes.gateFailed;
    return result;
  }
}
