import { Args } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { reviewerFlag, reviewerName } from '../../cli/reviewer.js';
import { importDecisions } from '../../review/import-decisions.js';

export const importSchema = z.object({
  rows: z.number().int(),
  changed: z.number().int(),
  unknown: z.number().int(),
  unknownPaths: z.array(z.string()),
});

export default class DecisionsImport extends BaseCommand<typeof DecisionsImport> {
  static override resultSchema = importSchema;
  static override summary = 'Take over what a person wrote in the verdict column.';
  static override description =
    'Verdicts are keep, hard, drop, duplicate, or relabel (to suggested_identity). They win in every later run.';
  static override args = { file: Args.string({ description: 'an exported table, .csv or .jsonl', required: true }) };
  static override flags = reviewerFlag;
  static override examples = ['<%= config.bin %> <%= command.id %> reviewed.csv --reviewer ada'];

  async run(): Promise<z.infer<typeof importSchema>> {
    const reviewer = reviewerName(this.flags.reviewer);
    const result = await this.asWriter(async ({ workspace }) => importDecisions(workspace, this.args.file, reviewer));
    this.log(`${result.rows} verdicts, ${result.changed} of them new`);
    if (result.unknown > 0)
      this.note(
        `${result.unknown} rows name no image of this workspace: ${result.unknownPaths.slice(0, 5).join(', ')}`,
      );
    return result;
  }
}
