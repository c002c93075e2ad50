import { Args } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand, forceFlag } from '../cli/base-command.js';
import { datasetFlags } from '../cli/config-flags.js';
import { ingest } from '../ingest/ingest.js';

const count = z.number().int().min(0);
export const ingestSchema = z.object({
  images: count,
  identities: count,
  unreadable: count,
  duplicates: count,
  noFace: count,
  skipped: count,
});

export default class Ingest extends BaseCommand<typeof Ingest> {
  static override createsWorkspace = true;
  static override resultSchema = ingestSchema;
  static override summary = 'Read, check, hash and crop the images of a source.';
  static override args = {
    source: Args.string({ description: 'folder with one folder of images a person', required: true }),
  };
  static override flags = { ...datasetFlags, ...forceFlag };
  static override examples = ['<%= config.bin %> <%= command.id %> crawl --align center --size 64'];

  async run(): Promise<z.infer<typeof ingestSchema>> {
    const { result } = await this.asWriter((context) => ingest(context, this.args.source));
    this.log(`${result.images} images of ${result.identities} identities`);
    this.log(`${result.unreadable} unreadable, ${result.duplicates} duplicates, ${result.skipped} other files skipped`);
    return result;
  }
}
