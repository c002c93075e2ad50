import { Args } from '@oclif/core';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { BaseCommand, forceFlag } from '../cli/base-command.js';
import { PathError } from '../core/errors.js';
import { readPreset } from '../cli/config-files.js';
import { engineFlags, siftFlags, trainingFlags } from '../cli/config-flags.js';
import { describeRun } from '../cli/describe-results.js';
import { demoSize, makeCrawl } from '../synthetic/demo/make-crawl.js';
import { runPipeline } from '../pipeline/pipeline.js';
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
  static override flags = { ...trainingFlags, ...siftFlags, ...engineFlags, ...forceFlag };
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> somewhere --seed 7',
  ];

  async run(): Promise<z.infer<typeof demoSchema>> {
    const folder = resolve(this.args.dir);
    const preset = readPreset('demo');
    const { seed } = this.settings(preset);
    const crawl = join(folder, `crawl-${seed}`);
    const truth = join(crawl, 'truth.csv');
    this.flags.workspace = join(folder, 'workspace');
    if (!existsSync(crawl) && existsSync(this.flags.workspace))
      throw new PathError(`"${folder}" holds the demo of another seed.`, [`facesieve demo ANOTHER-DIR --seed ${seed}`]);
    if (!existsSync(truth) || this.flags.force) {
      this.note(`drawing a crawl of ${demoSize.identities} made-up people in ${crawl}`);
      await makeCrawl(crawl, seed, demoSize, undefined, this.signal);
    }
    const input = { source: crawl, out: join(folder, 'purified'), resume: this.flags.resume, truth };
    const pipeline = await this.asWriter((context) => runPipeline(context, input), preset);
    this.log(...describeRun(pipeline));
    return { ...runResult(pipeline), detection: pipeline.results.evaluate.detection! };
  }
}
