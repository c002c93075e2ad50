import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { reviewerFlag, reviewerName } from '../../cli/reviewer.js';
import { takeBackLast } from '../../workspace/undo.js';
import { quantity } from '../../core/text/quantity.js';

export const undoSchema = z.object({ rows: z.number().int(), unknown: z.number().int() });

export default class DecisionsUndo extends BaseCommand<typeof DecisionsUndo> {
  static override resultSchema = undoSchema;
  static override summary = 'Take back what was said last: an import, or one verdict; again, what was said before.';
  static override description =
    'As the key U of the review page does. Without --reviewer it is the last verdict of anybody; with it, theirs. ' +
    'To say it again, import the file again.';
  static override flags = reviewerFlag;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --reviewer ada',
  ];

  async run(): Promise<z.infer<typeof undoSchema>> {
    const { reviewer } = this.flags;
    const taken = await this.asWriter(async ({ workspace }) =>
      takeBackLast(workspace, reviewerName(reviewer), { ofAnybody: reviewer === undefined }),
    );
    const rows = taken === null ? 0 : taken.paths.length + taken.names.length + (taken.identity === null ? 0 : 1);
    const whose = reviewer === undefined ? '' : ` of ${reviewer}`;
    this.log(
      rows === 0 ? `there are no verdicts${whose} to take back` : `${quantity(rows, 'verdict')}${whose} taken back`,
    );
    return { rows, unknown: 0 };
  }
}
