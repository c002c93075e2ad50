import { indexBuildSchema } from '../../workspace/results.js';
import { z } from 'zod';
import { BaseCommand, forceFlag } from '../../cli/base-command.js';
import { indexFlags } from '../../cli/config-flags.js';
import { buildCurrentIndex } from '../../pipeline/neighbour-search.js';

const NOT_SAVED = 'not saved: searching this kind needs nothing that is slow to build';

export default class IndexBuild extends BaseCommand<typeof IndexBuild> {
  static override resultSchema = indexBuildSchema;
  static override summary = 'Build the neighbour index over the embeddings, time it, and save it if it is a graph.';
  static override flags = { ...indexFlags, ...forceFlag };
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --kind hnsw'];

  async run(): Promise<z.infer<typeof indexBuildSchema>> {
    const { result } = await this.asWriter(buildCurrentIndex);
    this.log(`${result.kind} index over ${result.vectors} vectors in ${result.seconds.toFixed(1)} s`);
    this.log(
      result.bytes > 0 ? `saved, ${(result.bytes / 2 ** 20).toFixed(1)} MiB: index check and sift load it` : NOT_SAVED,
    );
    return result;
  }
}
