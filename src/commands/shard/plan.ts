import { Args, Flags } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { datasetFlags, engineFlags, siftFlags, trainingFlags } from '../../cli/config-flags.js';
import { exchangeFlag } from '../../cli/shard-flags.js';
import { makePlan } from '../../shards/make-plan.js';
import { plannedStepSchema } from '../../shards/plan.js';
import { schedulers, writeSchedule } from '../../shards/schedulers.js';

const count = z.number().int().min(0);
const resultSchema = z.object({
  shards: count,
  files: count,
  images: count,
  steps: z.array(plannedStepSchema),
  /** The folder held this very plan. */
  wasPlanned: z.boolean(),
  plan: z.string(),
  /** Files for the scheduler. */
  written: z.array(z.string()),
});

const { resume: _, ...settings } = trainingFlags;

export default class ShardPlan extends BaseCommand<typeof ShardPlan> {
  static override resultSchema = resultSchema;
  static override summary = 'Divide a source into shards for several machines, and write the plan of the work.';
  static override description =
    'DIR is a folder that all machines see. The plan names every task; `facesieve shard run` does one. The last step leaves an ' +
    'ordinary workspace with the decisions that `facesieve run` makes. DIR then holds faces: delete it when the workspace is there.';
  static override args = {
    source: Args.string({
      description:
        'folder with one folder of images per person, or a .rec, .tar, .zip, .parquet, .lst, .csv or .jsonl file',
      required: true,
    }),
  };
  static override flags = {
    ...exchangeFlag,
    shards: Flags.integer({
      summary: 'Parts of as many images each. Many more than machines even out slow ones.',
      default: 256,
      min: 1,
      max: 10_000,
    }),
    for: Flags.string({
      summary: 'Write files that start the work on this scheduler.',
      options: schedulers.map(({ name }) => name),
    }),
    ...datasetFlags,
    ...settings,
    ...siftFlags,
    ...engineFlags,
    force: Flags.boolean({ summary: 'Delete another plan that is in DIR, and all that was made by it.' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> crawl --exchange /shared/crawl-1 --shards 256 --backbone pretrained:mobilefacenet',
    '<%= config.bin %> <%= command.id %> crawl --exchange /shared/crawl-1 --for slurm --threads 4 --workspace /tmp/crawl-1',
  ];

  async run(): Promise<z.infer<typeof resultSchema>> {
    const { exchange, shards, force, for: scheduler } = this.flags;
    const request = { source: this.args.source, exchange, shards, force, config: this.settings() };
    const { plan, wasPlanned } = await makePlan({ ...request, progress: this.progress, signal: this.signal });
    const workspace = this.namesWorkspace ? this.flags.workspace : undefined;
    const written = scheduler === undefined ? [] : writeSchedule(scheduler, plan, exchange, workspace);
    if (wasPlanned) this.note('this was planned before: the parts that are there stay');
    const tasks = plan.steps.map(({ name, tasks }) => `${name} ${tasks}`).join(', ');
    this.log(`${plan.images} images of ${plan.entries} files in ${shards} shards; tasks: ${tasks}`);
    this.log(...written.map((file) => `wrote ${file}`));
    if (plan.understood.warnings.length > 0) for (const warning of plan.understood.warnings) this.warn(warning);
    return {
      ...{ shards, files: plan.entries, images: plan.images, steps: plan.steps, wasPlanned },
      ...{ plan: plan.fingerprint, written },
    };
  }
}
