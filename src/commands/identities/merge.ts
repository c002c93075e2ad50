import { Args, Flags } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { changedSchema, describeNamesChanged } from '../../cli/names-changed.js';
import { reviewerFlag, reviewerName } from '../../cli/reviewer.js';
import { mergeNames } from '../../review/say-of-names.js';

export const identitiesMergeSchema = changedSchema;

export default class IdentitiesMerge extends BaseCommand<typeof IdentitiesMerge> {
  static override resultSchema = identitiesMergeSchema;
  static override summary = 'Say that two names are one person.';
  static override description = `Both are then named A, or NAME with --into. Stored as a verdict: it takes precedence in every later run, no
file is changed, and \`identities undo\` takes it back. docs/identities.md.`;
  static override args = {
    a: Args.string({ description: 'a name', required: true }),
    b: Args.string({ description: 'another name of the same person', required: true }),
  };
  static override flags = {
    into: Flags.string({ summary: 'New name of the person. [default: A]', helpValue: 'NAME' }),
    ...reviewerFlag,
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> "Ada Lovelace" Ada_Lovelace',
    '<%= config.bin %> <%= command.id %> n000012 n000431 --into "Ada Lovelace"',
  ];

  async run(): Promise<z.infer<typeof identitiesMergeSchema>> {
    const { a, b } = this.args;
    const result = await this.asWriter(async ({ workspace }) =>
      mergeNames(workspace, { a, b, into: this.flags.into }, reviewerName(this.flags.reviewer)),
    );
    this.log(...describeNamesChanged(result, `${a} and ${b} are one person already`));
    return { changed: result.changed };
  }
}
