import { Flags } from '@oclif/core';
import { z } from 'zod';
import { embedSchema } from '../workspace/results.js';
import { BaseCommand, forceFlag } from '../cli/base-command.js';
import { engineFlags } from '../cli/config-flags.js';
import { embed } from '../pipeline/embed.js';
import { quantity } from '../core/text/quantity.js';

export default class Embed extends BaseCommand<typeof Embed> {
  static override resultSchema = embedSchema;
  static override summary = 'Embed every image with a trained network.';
  static override flags = {
    run: Flags.string({ summary: 'Run whose network is used. [default: the one trained on the crawl]' }),
    ...engineFlags,
    ...forceFlag,
  };
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run(): Promise<z.infer<typeof embedSchema>> {
    const { result } = await this.asWriter((context) => embed(context, this.flags.run));
    this.log(`${quantity(result.images, 'image')}, ${result.dimensions} dimensions: ${result.file}`);
    return result;
  }
}
