import { Args, Flags } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { changedSchema, describeNamesChanged } from '../../cli/names-changed.js';
import { reviewerFlag, reviewerName } from '../../cli/reviewer.js';
import { splitName } from '../../review/say-of-names.js';

export const identitiesSplitSchema = changedSchema;

export default class IdentitiesSplit extends BaseCommand<typeof IdentitiesSplit> {
  static override resultSchema = identitiesSplitSchema;
  static override summary = 'Say that a name is several people.';
  static override description = `By default as \`identities list\` proposes. A file is a CSV with the columns path and group: numbered groups
are called NAME, NAME~2, ..., others what the file calls them. Images in no group go with the first one, which keeps the name.
Stored as a verdict, as \`identities merge\` is.`;
  static override args = { name: Args.string({ description: 'the name', required: true }) };
  static override flags = {
    groups: Flags.string({ summary: 'proposed, or a CSV file.', default: 'proposed', helpValue: 'proposed|FILE' }),
    ...reviewerFlag,
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> "Ada Lovelace"',
    '<%= config.bin %> <%= command.id %> "Ada Lovelace" --groups groups.csv',
  ];

  async run(): Promise<z.infer<typeof identitiesSplitSchema>> {
    const { name } = this.args;
    const result = await this.asWriter(async ({ workspace }) =>
      splitName(workspace, name, this.flags.groups, reviewerName(this.flags.reviewer)),
    );
    this.log(...describeNamesChanged(result, `${name} is divided like that already`));
    return { changed: result.changed };
  }
}
