import { Args, Flags } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand, forceFlag } from '../cli/base-command.js';
import { datasetFlags, ownerFlag, trainingFlags } from '../cli/config-flags.js';
import { describeIngest, describePreview } from '../cli/describe-results.js';
import { ingest } from '../pipeline/ingest.js';
import { previewIngest } from '../pipeline/ingest/preview.js';

const count = z.number().int().min(0);
export const ingestSchema = z.object({
  images: count,
  identities: count,
  unreadable: count,
  duplicates: count,
  noFace: count,
  skipped: count,
  severalFaces: count,
  notUsed: z.array(z.object({ reason: z.string(), count })),
  quality: z.object({ findings: z.record(z.string(), count), properties: z.array(z.string()) }),
  unlabelled: count,
  understood: z.array(z.string()),
  warnings: z.array(z.string()),
  reference: count.optional(),
});
const previewSchema = z.object({
  dryRun: z.literal(true),
  images: count,
  identities: count,
  unlabelled: count,
  notUsed: z.array(z.object({ reason: z.string(), count })),
  understood: z.array(z.string()),
  warnings: z.array(z.string()),
});
const resultSchema = z.union([ingestSchema, previewSchema]);

export default class Ingest extends BaseCommand<typeof Ingest> {
  static override createsWorkspace = true;
  static override resultSchema = resultSchema;
  static override summary = 'Read, check, hash and crop the images of a source.';
  static override args = {
    source: Args.string({
      description: 'folder with one folder of images a person, or a .rec, .tar, .parquet, .lst, .csv or .jsonl file',
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
