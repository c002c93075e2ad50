import { indexBuildSchema } from '../../workspace/results.js';
import { z } from 'zod';
import { BaseCommand, forceFlag } from '../../cli/base-command.js';
import { buildCurrentIndex } from '../../pipeline/neighbour-search.js';

export default class IndexBuild extends BaseCommand<typeof IndexBuild> {
  static override resultSchema = indexBuildSchema;
  static override summary = 'Build the neighbour index over the embeddings and time it.';
  static override flags = forceFlag;
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run(): Promise<z.infer<typeof indexBuildSchema>> {
    const { result } = await this.asWriter(buildCurrentIndex);
    this.log(`${result.kind} index over ${result.vectors} vectors in ${result.seconds.toFixed(1)} s`);
    return result;
  }
}
