import { Flags } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { shareFlag } from '../../cli/config-flags.js';
import { changedSchema, describeNamesChanged } from '../../cli/names-changed.js';
import { reviewerFlag, reviewerName } from '../../cli/reviewer.js';
import { acceptProposals } from '../../review/say-of-names.js';

export const identitiesAcceptSchema = changedSchema;

const kinds = ['merge', 'split'] as const;

export default class IdentitiesAccept extends BaseCommand<typeof IdentitiesAccept> {
  static override resultSchema = identitiesAcceptSchema;
  static override summary = 'Accept every proposal with enough confidence.';
  static override description =
    'All of them are one batch: `identities undo` takes them back together. Answered proposals are not changed. ' +
    'A person under two names gets the name with more images. Look at them first: `identities list`, `review`.';
  static override flags = {
    confidence: shareFlag({
      summary: 'Minimum confidence, as in `identities list`: the expected share of such proposals that are right.',
      required: true,
    }),
    kind: Flags.option({ options: kinds, summary: 'Only proposals of this kind. [default: both]' })(),
    ...reviewerFlag,
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> --confidence 0.95',
    '<%= config.bin %> <%= command.id %> --confidence 0.9 --kind merge --reviewer ada',
  ];

  async run(): Promise<z.infer<typeof identitiesAcceptSchema>> {
    const { confidence, kind, reviewer } = this.flags;
    const options = { confidence, kinds: kind ? [kind] : kinds };
    const result = await this.asWriter(async ({ workspace }) =>
      acceptProposals(workspace, options, reviewerName(reviewer)),
    );
    this.log(...describeNamesChanged(result, `no open proposal has a confidence of ${confidence} or more`));
    return { changed: result.changed };
  }
}
