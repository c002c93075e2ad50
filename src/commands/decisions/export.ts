import { Flags } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { writeAtomically } from '../../core/atomic-write.js';
import { decisionNames } from '../../core/records.js';
import { exportDecisions } from '../../review/export-decisions.js';
import { decisionFormatNames } from '../../review/formats.js';

export const exportSchema = z.object({ rows: z.number().int(), unknown: z.number().int(), out: z.string().nullable() });

export default class DecisionsExport extends BaseCommand<typeof DecisionsExport> {
  static override resultSchema = exportSchema;
  static override summary = 'Write the decisions as a table, to a file or to stdout.';
  static override flags = {
    format: Flags.string({ summary: 'Format.', options: decisionFormatNames, default: 'csv' }),
    out: Flags.string({ summary: 'File to write. [default: stdout]' }),
    only: Flags.option({ options: decisionNames, multiple: true, delimiter: ',', summary: 'Only these decisions.' })(),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> --format csv --out decisions.csv',
    '<%= config.bin %> <%= command.id %> --only review,relabel --out to-review.csv',
  ];

  async run(): Promise<z.infer<typeof exportSchema>> {
    const { format, out, only } = this.flags;
    const { text, rows } = await this.asReader((workspace) => exportDecisions(workspace, format, only));
    if (out) writeAtomically(out, text);
    else if (!this.jsonEnabled()) process.stdout.write(text);
    if (out) this.log(`${rows} decisions: ${out}`);
    return { rows, unknown: 0, out: out ?? null };
  }
}
