import { Args, Flags } from '@oclif/core';
import type { z } from 'zod';
import { BaseCommand } from '../cli/base-command.js';
import { describeForgotten } from '../cli/describe-forgotten.js';
import { erase } from '../workspace/erase/erase.js';
import { resultSchema } from '../workspace/erase/result.js';

export default class Forget extends BaseCommand<typeof Forget> {
  static override resultSchema = resultSchema;
  static override finishesForgetting = true;
  static override summary = 'Remove a person or an image from the workspace permanently, and keep them out.';
  static override description =
    'Lists what would be removed; --yes removes it: crops, embeddings, decisions, verdicts, reports. A name means every image found ' +
    'under it or decided to belong to it; an image means every copy of the same file. docs/privacy.md says what stays. ' +
    'An interrupted forget is finished first, whatever is named. Afterwards all files of the workspace are searched for what was removed.';
  static override args = {
    names: Args.string({
      description: 'an identity, or the path of an image; several may be given',
      required: true,
      multiple: true,
    }),
  };
  static override flags = {
    yes: Flags.boolean({ summary: 'Remove it. This cannot be undone.' }),
    reason: Flags.string({ summary: 'Reason to store with the record, unencrypted.', default: 'on request' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> "Ada Lovelace"',
    '<%= config.bin %> <%= command.id %> "Ada Lovelace" Bo/003.jpg --yes --reason "request 17"',
  ];

  async run(): Promise<z.infer<typeof resultSchema>> {
    const { yes, reason } = this.flags;
    const result = await this.asWriter(({ workspace }) =>
      Promise.resolve(erase(workspace, this.args.names, { yes, reason })),
    );
    this.log(...describeForgotten(result));
    return result;
  }
}
