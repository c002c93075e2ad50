import { indexCheckSchema } from '../../workspace/results.js';
import { z } from 'zod';
import { BaseCommand, forceFlag } from '../../cli/base-command.js';
import { indexFlags } from '../../cli/config-flags.js';
import { checkCurrentIndex } from '../../pipeline/neighbour-search.js';

export default class IndexCheck extends BaseCommand<typeof IndexCheck> {
  static override resultSchema = indexCheckSchema;
  static override summary = 'Measure the share of the true neighbours that the index finds.';
  static override flags = { ...indexFlags, ...forceFlag };
  static override examples = ['<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<z.infer<typeof indexCheckSchema>> {
    const { result } = await this.asWriter(checkCurrentIndex);
    const [all, own] = [result.recallAt10, result.ownRecallAt10].map((recall) => recall.toFixed(4));
    this.log(`recall@10 ${all}, of the same identity ${own}, on ${result.sample} images, against exact search`);
    return result;
  }
}
