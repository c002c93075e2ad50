import { Args, Flags } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../cli/base-command.js';
import { describeForgotten } from '../cli/describe-forgotten.js';
import { forget } from '../forget/forget.js';
import { recountIngest } from '../ingest/summary.js';

const count = z.number().int().min(0);
const names = z.array(z.string());
export const forgetSchema = z.object({
  dryRun: z.boolean(),
  ...{ identities: count, images: count, paths: names, crops: count, embeddings: count, embeddingFiles: count },
  ...{ decisions: count, verdicts: count, proposals: count, reports: count, purified: count },
  ...{ copies: names, alike: names, left: names },
});

export default class Forget extends BaseCommand<typeof Forget> {
  static override resultSchema = forgetSchema;
  static override summary = 'Take a person or an image out of the workspace for good, and keep them out.';
  static override description =
    'Tells what would go; with --yes it goes: crops, embeddings, decisions, verdicts, reports. A name means every image found ' +
    'under it or decided to belong to it; an image means every copy of the same file. docs/privacy.md tells what stays.';
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

  async run(): Promise<z.infer<typeof forgetSchema>> {
    const { yes, reason } = this.flags;
    const result = await this.asWriter(({ workspace }) => {
      const done = forget(workspace, this.args.names, { yes, reason });
      if (yes) recountIngest(workspace);
      return Promise.resolve(done);
    });
    this.log(...describeForgotten(result));
    return result;
  }
}
