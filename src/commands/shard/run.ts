import { Args, Flags } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { exchangeFlag, taskExitCode } from '../../cli/shard-flags.js';
import { UsageError } from '../../core/errors.js';
import { explainSystemError } from '../../core/system-errors.js';
import { runTask } from '../../shards/run-task.js';

const count = z.number().int().min(0);
const resultSchema = z.object({
  step: z.string(),
  shard: count,
  of: count,
  /** The part was there. */
  wasDone: z.boolean(),
  seconds: z.number(),
  /** The part, or the workspace. */
  out: z.string(),
});

export default class ShardRun extends BaseCommand<typeof ShardRun> {
  static override createsWorkspace = true;
  static override resultSchema = resultSchema;
  static override summary = 'Do one task of a plan.';
  static override description =
    'A task that is done is not done again. Settings are those of the plan. Exit codes: 0 done, or was done; 64 do not try ' +
    'again; 75 try again later or on another machine. The last step makes the workspace, which must lie on a disk of this machine.';
  static override args = {
    step: Args.string({ description: 'step of the plan: ingest, embed, merge', required: true }),
    task: Args.string({ description: 'which task, from 0, of how many: 3/8', required: true }),
  };
  static override flags = {
    ...exchangeFlag,
    scratch: Flags.string({
      summary:
        'Folder on a disk of this machine where an interrupted task goes on. [default: a new one, removed at the end]',
      helpValue: 'DIR',
    }),
    force: Flags.boolean({ summary: 'Make the part again even if it is there.' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> ingest 3/256 --exchange /shared/crawl-1',
    '<%= config.bin %> <%= command.id %> merge 0/1 --exchange /shared/crawl-1 --workspace /tmp/crawl-1',
  ];

  async run(): Promise<z.infer<typeof resultSchema>> {
    for (const name of ['config', 'preset', 'seed', 'threads'] as const)
      if (this.flags[name] !== undefined)
        throw new UsageError(`--${name} is no setting of a task: it is the plan's.`, [
          `Give it to facesieve shard plan, and do not set FACESIEVE_${name.toUpperCase()} for the tasks.`,
        ]);
    const { exchange, scratch, force, workspace } = this.flags;
    const { step, task } = this.args;
    const request = { exchange, step, task, scratch, workspace, force };
    const result = await runTask({ ...request, progress: this.progress, signal: this.signal });
    const said = result.wasDone ? 'was done' : `done in ${result.seconds.toFixed(1)} s`;
    this.log(`${step} ${task}: ${said}: ${result.out}`);
    return result;
  }

  override async catch(raised: Error & { oclif?: { exit?: number } }): Promise<void> {
    await super.catch(raised);
    if (raised.oclif?.exit !== 0) process.exitCode = taskExitCode(explainSystemError(raised));
  }
}
