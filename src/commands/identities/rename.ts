import { Args } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { changedSchema, describeNamesChanged } from '../../cli/names-changed.js';
import { reviewerFlag, reviewerName } from '../../cli/reviewer.js';
import { renameName } from '../../review/say-of-names.js';

export const identitiesRenameSchema = changedSchema;

export default class IdentitiesRename extends BaseCommand<typeof IdentitiesRename> {
  static override resultSchema = identitiesRenameSchema;
  static override summary = 'Give an identity another name.';
  static override description = 'Stored as a verdict, as `identities merge` is.';
  static override args = {
    old: Args.string({ description: 'the current name', required: true }),
    new: Args.string({ description: 'the new name; no other identity may have it', required: true }),
  };
  static override flags = reviewerFlag;
  static override examples = ['<%= config.bin %> <%= command.id %> unknown-001 "Ada Lovelace"'];

  async run(): Promise<z.infer<typeof identitiesRenameSchema>> {
    const { old: from, new: to } = this.args;
    const result = await this.asWriter(async ({ workspace }) =>
      renameName(workspace, from, to, reviewerName(this.flags.reviewer)),
    );
    this.log(...describeNamesChanged(result, `${from} is called ${to} already`));
    return { changed: result.changed };
  }
}
