import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { reviewerFlag, reviewerName } from '../../cli/reviewer.js';
import { undoVerdicts } from '../../workspace/verdicts.js';

export const undoSchema = z.object({ rows: z.number().int(), unknown: z.number().int() });

export default class DecisionsUndo extends BaseCommand<typeof DecisionsUndo> {
  static override resultSchema = undoSchema;
  static override summary = 'Take the last import of verdicts back; undoing twice does it again.';
  static override flags = reviewerFlag;
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run(): Promise<z.infer<typeof undoSchema>> {
    const reviewer = reviewerName(this.flags.reviewer);
    const rows = await this.asWriter(async ({ workspace }) => undoVerdicts(workspace, reviewer));
    this.log(rows === 0 ? 'there are no verdicts to take back' : `${rows} verdicts taken back`);
    return { rows, unknown: 0 };
  }
}
