import { Args, Flags } from '@oclif/core';
import type { z } from 'zod';
import { BaseCommand } from '../cli/base-command.js';
import { describeForgotten } from '../cli/describe-forgotten.js';
import { erase } from '../workspace/erase/erase.js';
import { resultSchema } from '../workspace/erase/result.js';

export default class Forget extends BaseCommand<typeof Forget> {
  static override resultSchema = resultSchema;
  static override finishesForgetting = true;
  static override summary = 'Take a person or an image out of the workspace for good, and keep them out.';
  static override description =
    'Tells what would go; with --yes it goes: crops, embeddings, decisions, verdicts, reports. A name means every image found ' +
    'under it or decided to belong to it; an image means every copy of the same file. docs/privacy.md tells what stays. ' +
    'A forget that was interrupted is finished first, whatever is named; afterwards all files of the workspace are searched for what went.';
  static override args = {
    names: Args.string({
      description: 'an identity, or the path of an image; several may be given',
      required: true,
      multiple: true,
    }),
  };
  static override flags = {
    yes: Flags.boolean({ summary: 'Do it. There is no way back.' }),
    reason: Flags.string({ summary: 'Kept with the record of it, in clear.', default: 'on request' }),
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
