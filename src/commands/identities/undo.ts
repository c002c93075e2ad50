import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { changedSchema } from '../../cli/names-changed.js';
import { reviewerFlag, reviewerName } from '../../cli/reviewer.js';
import { inWords } from '../../identities/names/name-verdict-words.js';
import { takeBackLast } from '../../workspace/undo.js';

export const identitiesUndoSchema = changedSchema;

export default class IdentitiesUndo extends BaseCommand<typeof IdentitiesUndo> {
  static override resultSchema = identitiesUndoSchema;
  static override summary = 'Take back the last verdict on names; run again, the one before it.';
  static override description =
    'What one `identities accept` or one import said goes together. What another reviewer said stays. Verdicts on images are ' +
    'taken back with `decisions undo` or on the review page.';
  static override flags = reviewerFlag;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --reviewer ada',
  ];

  async run(): Promise<z.infer<typeof identitiesUndoSchema>> {
    const reviewer = reviewerName(this.flags.reviewer);
    const taken = await this.asWriter(async ({ workspace }) => takeBackLast(workspace, reviewer, { onlyNames: true }));
    if (taken === null) this.log(`there is nothing of ${reviewer} left to take back of names`);
    for (const verdict of taken?.names ?? []) this.log(`taken back: ${inWords(verdict)}`);
    if (taken?.identity) this.log(`taken back: the mark on ${taken.identity}`);
    return { changed: taken === null ? 0 : Math.max(1, taken.names.length) };
  }
}
