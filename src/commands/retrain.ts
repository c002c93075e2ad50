import type { z } from 'zod';
import { BaseCommand, forceFlag } from '../cli/base-command.js';
import { engineFlags, trainingFlags } from '../cli/config-flags.js';
import { retrain } from '../pipeline/retrain.js';
import { trainSchema } from '../workspace/results.js';
import { trainingLine } from './train.js';

const { subcenters: _, ...flags } = trainingFlags;

export default class Retrain extends BaseCommand<typeof Retrain> {
  static override resultSchema = trainSchema;
  static override summary = 'Train again on the purified list, with one centre per identity.';
  static override flags = { ...flags, ...engineFlags, ...forceFlag };
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run(): Promise<z.infer<typeof trainSchema>> {
    const { result } = await this.asWriter((context) => retrain(context, this.flags.resume));
    this.log(trainingLine(result));
    return result;
  }
}
