import { resolve } from 'node:path';
import { z } from 'zod';
import { BaseCommand } from '../cli/base-command.js';
import { nextSteps, workspaceOption } from '../cli/next-steps.js';
import { table } from '../core/text/table.js';
import { statusOf } from '../pipeline/status.js';
import { decisionCountsSchema } from '../workspace/results.js';
import { quantity } from '../core/text/quantity.js';

const count = z.number().int().min(0);
export const statusSchema = z.object({
  workspace: z.string(),
  source: z.string().nullable(),
  files: count,
  images: count,
  identities: count,
  unreadable: count,
  skipped: count,
  decisions: decisionCountsSchema.nullable(),
  verdicts: count,
  toReview: count,
  stages: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['done', 'stale', 'missing']),
      why: z.string().optional(),
      finishedAt: z.string().optional(),
    }),
  ),
  next: z.string(),
  further: z.array(z.string()),
});

export default class Status extends BaseCommand<typeof Status> {
  static override resultSchema = statusSchema;
  static override summary = 'Tell what the workspace holds, what is stale, and what comes next.';
  static override description =
    'A stage is stale when what it was made from has changed since: other images, another network, new verdicts.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run(): Promise<z.infer<typeof statusSchema>> {
    const status = await this.asReader((workspace) => statusOf(workspace, workspaceOption(this.flags.workspace)));
    const { files, images, unreadable, skipped, decisions, verdicts } = status;
    this.log(`workspace ${resolve(status.workspace)}, of ${status.source ?? 'nothing yet'}`);
    this.log(
      `${quantity(files, 'file')}: ${quantity(images, 'image')} of ${quantity(status.identities, 'identity', 'identities')}, ${unreadable} unreadable, ${skipped} skipped`,
    );
    if (decisions) {
      const after = verdicts > 0 ? `after ${quantity(verdicts, 'verdict')}` : 'no verdicts yet';
      this.log(
        `decisions (${after}): ${Object.entries(decisions)
          .map(([name, n]) => `${n} ${name}`)
          .join(', ')}`,
      );
    }
    const rows = status.stages.map(({ name, state, why, finishedAt }) => [
      name,
      state,
      why ?? finishedAt?.slice(0, 16).replace('T', ' ') ?? '',
    ]);
    this.log('', ...table(['stage', 'state', 'why, or when it was done'], rows));
    this.log('', ...nextSteps(status));
    return status;
  }
}
