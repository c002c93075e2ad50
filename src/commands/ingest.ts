import { Args, Flags } from '@oclif/core';
import { z } from 'zod';
import { ingestSchema } from '../workspace/results.js';
import { BaseCommand, forceFlag } from '../cli/base-command.js';
import { datasetFlags, ownerFlag, trainingFlags } from '../cli/config-flags.js';
import { describeIngest, describePreview } from '../cli/describe-results.js';
import { ingest } from '../pipeline/ingest.js';
import { previewIngest } from '../pipeline/ingest/preview.js';

const previewSchema = ingestSchema
  .pick({ images: true, identities: true, unlabelled: true, notUsed: true, understood: true, warnings: true })
  .extend({ dryRun: z.literal(true) });
const resultSchema = z.union([ingestSchema, previewSchema]);

export default class Ingest extends BaseCommand<typeof Ingest> {
  static override createsWorkspace = true;
  static override resultSchema = resultSchema;
  static override summary = 'Read, check, hash and crop the images of a source.';
  static override args = {
    source: Args.string({
      description:
        'folder with one folder of images per person, or a .rec, .tar, .zip, .parquet, .lst, .csv or .jsonl file',
      required: true,
    }),
  };
  static override flags = {
    'dry-run': Flags.boolean({ summary: 'Say how SOURCE is understood, by names and heads alone; write nothing.' }),
    ...datasetFlags,
    backbone: trainingFlags.backbone,
    ...ownerFlag,
    ...forceFlag,
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> crawl --align auto --size 112',
    '<%= config.bin %> <%= command.id %> archive.tar --dry-run',
    '<%= config.bin %> <%= command.id %> crawl --backbone insightface:buffalo_l',
    '<%= config.bin %> <%= command.id %> shards --also scans=more.csv --reference lfw',
  ];

  async run(): Promise<z.infer<typeof resultSchema>> {
    if (this.flags['dry-run']) {
      const preview = await previewIngest(this.settings(), this.args.source, this.progress, this.signal);
      this.log(...describePreview(preview));
      return preview;
    }
    const { result } = await this.asWriter((context) =>
      ingest(context, this.args.source, { forceSource: this.flags['force-source'] }),
    );
    this.log(...describeIngest(result));
    return result;
  }
}
