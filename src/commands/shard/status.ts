import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { exchangeFlag } from '../../cli/shard-flags.js';
import { table } from '../../core/text/table.js';
import { planStatus } from '../../shards/plan-status.js';

const count = z.number().int().min(0);
const resultSchema = z.object({
  source: z.string(),
  shards: count,
  files: count,
  images: count,
  steps: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['map', 'reduce']),
      tasks: count,
      done: count,
      /** Numbers of the tasks whose part is not there, or must be made again. */
      missing: z.array(count),
    }),
  ),
  /** Kinds of machines that made parts; features of different kinds can differ in their last bits. */
  machines: z.array(z.object({ cpu: z.string(), node: z.string(), threads: count, parts: count })),
  /** Absent when all is done. */
  next: z.string().optional(),
});

/** Tasks that are named. */
const MOST = 10;

export default class ShardStatus extends BaseCommand<typeof ShardStatus> {
  static override resultSchema = resultSchema;
  static override summary = 'Tell which tasks of a plan are done and which are missing.';
  static override flags = exchangeFlag;
  static override examples = ['<%= config.bin %> <%= command.id %> --exchange /shared/crawl-1'];

  async run(): Promise<z.infer<typeof resultSchema>> {
    const status = await Promise.resolve(planStatus(this.flags.exchange));
    const { source, shards, files, images, steps, machines, next } = status;
    this.log(`plan of ${source}: ${images} images of ${files} files in ${shards} shards`);
    const rows = steps.map(({ name, kind, tasks, done, missing }) => [
      name,
      kind,
      `${done} of ${tasks}`,
      named(missing),
    ]);
    this.log(...table(['step', 'kind', 'done', 'missing'], rows));
    if (machines.length > 1)
      this.warn(
        `parts were made on ${machines.length} kinds of machines, which may differ in the last bits of features: ` +
          machines
            .map(({ cpu, node, threads, parts }) => `${parts} on ${cpu}, Node ${node}, ${threads} threads`)
            .join('; '),
      );
    if (next !== undefined) this.log(`next: ${next}`);
    return status;
  }
}

const named = (missing: readonly number[]): string =>
  missing.length > MOST ? `${missing.slice(0, MOST).join(' ')} and ${missing.length - MOST} more` : missing.join(' ');
