import { Flags } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { changedSchema } from '../../cli/names-changed.js';
import { reviewerFlag, reviewerName } from '../../cli/reviewer.js';
import { inWords } from '../../identities/names/name-verdict-words.js';
import { takeBackLast, type TakenBack } from '../../workspace/undo.js';

export const identitiesUndoSchema = changedSchema;

export default class IdentitiesUndo extends BaseCommand<typeof IdentitiesUndo> {
  static override resultSchema = identitiesUndoSchema;
  static override summary = 'Take back the last verdict on names; run again, the one before it.';
  static override description =
    'What one `identities accept` or one import said goes together. What another reviewer said stays. Verdicts on images are ' +
    'taken back with `decisions undo` or on the review page.';
  static override flags = {
    ...reviewerFlag,
    all: Flags.boolean({ summary: 'Take back all that the reviewer said of names.' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --reviewer ada --all',
  ];

  async run(): Promise<z.infer<typeof identitiesUndoSchema>> {
    const reviewer = reviewerName(this.flags.reviewer);
    const taken = await this.asWriter(async ({ workspace }) => {
      const once = (): TakenBack | null => takeBackLast(workspace, reviewer, { onlyNames: true });
      return this.flags.all ? [...untilNull(once)] : [once()].filter((one) => one !== null);
    });
    if (taken.length === 0) this.log(`there is nothing of ${reviewer} left to take back of names`);
    for (const { names, identity } of taken) {
      for (const verdict of names) this.log(`taken back: ${inWords(verdict)}`);
      if (identity) this.log(`taken back: the mark on ${identity}`);
    }
    return { changed: taken.reduce((sum, { names }) => sum + Math.max(1, names.length), 0) };
  }
}

function* untilNull<T>(next: () => T | null): Generator<T> {
  for (let value = next(); value !== null; value = next()) yield value;
}
