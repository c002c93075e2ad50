import { Args } from '@oclif/core';
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { BaseCommand, forceFlag } from '../cli/base-command.js';
import { refuseUnwritable } from '../core/access.js';
import { PathError } from '../core/errors.js';
import { readPreset } from '../cli/config-files.js';
import { compareFlag, engineFlags, siftFlags, trainingFlags } from '../cli/config-flags.js';
import { nextSteps, workspaceOption } from '../cli/next-steps.js';
import { describeRun } from '../cli/describe-results.js';
import { demoSize, makeCrawl } from '../synthetic/demo/make-crawl.js';
import { checkMachine } from '../pipeline/check-request.js';
import { runPipeline } from '../pipeline/pipeline.js';
import { statusOf } from '../pipeline/status.js';
import { detectionSchema } from '../metrics/detection.js';
import { runResult, runSchema } from './run.js';

export const demoSchema = runSchema.extend({ detection: detectionSchema });

export default class Demo extends BaseCommand<typeof Demo> {
  static override createsWorkspace = true;
  static override resultSchema = demoSchema;
  static override summary = 'Draw a made-up crawl with known noise, clean it, and score the result.';
  static override description = 'Nothing is downloaded, and the pictures show no real person: faces are drawn by code.';
  static override args = {
    dir: Args.string({ description: 'folder for the crawl and its workspace', default: 'facesieve-demo' }),
  };
  static override flags = { ...compareFlag, ...trainingFlags, ...siftFlags, ...engineFlags, ...forceFlag };
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> somewhere --seed 7',
  ];

  async run(): Promise<z.infer<typeof demoSchema>> {
    const folder = resolve(this.args.dir);
    const preset = readPreset('demo');
    const config = this.settings(preset);
    const { seed } = config;
    refuseUnwritable(folder, 'DIR');
    await checkMachine(config);
    const crawl = join(folder, `crawl-${seed}`);
    const truth = join(crawl, 'truth.csv');
    this.flags.workspace = join(folder, 'workspace');
    if (!existsSync(crawl) && existsSync(this.flags.workspace))
      throw new PathError(`"${folder}" holds the demo of another seed.`, [`facesieve demo ANOTHER-DIR --seed ${seed}`]);
    if (!existsSync(truth) || this.flags.force) {
      this.note(`drawing a crawl of ${demoSize.identities} made-up people in ${crawl}`);
      await makeCrawl(crawl, seed, demoSize, undefined, this.signal);
    }
    const { resume, compare } = this.flags;
    const input = { source: crawl, out: join(folder, 'purified'), resume, compare, truth };
    const { pipeline, status } = await this.asWriter(async (context) => {
      const pipeline = await runPipeline(context, input);
      return { pipeline, status: statusOf(context.workspace, workspaceOption(relative('.', this.flags.workspace))) };
    }, preset);
    this.log(...describeRun(pipeline, status), '', ...nextSteps(status));
    return { ...runResult(pipeline, status), detection: pipeline.results.evaluate.detection! };
  }
}
