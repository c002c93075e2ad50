import { Flags } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../cli/base-command.js';
import { datasetFlags, siftFlags } from '../cli/config-flags.js';
import { describeNoiseRate } from '../cli/describe-results.js';
import { countDecisions } from '../core/records.js';
import { writeAtomically } from '../core/atomic-write.js';
import { table } from '../core/text/table.js';
import { type DecisionListFormat, decisionList, decisionListFormats } from '../formats/embeddings/decision-list.js';
import { unanswered } from '../identities/label-proposals.js';
import { detectInFiles, type DetectedFiles } from '../pipeline/detect.js';
import { decisionCountsSchema, expectedSchema, noiseRateSchema } from '../workspace/results.js';

export const detectSchema = z.object({
  images: z.number().int(),
  identities: z.number().int(),
  dimensions: z.number().int(),
  decisions: decisionCountsSchema,
  noiseRate: noiseRateSchema,
  cut: z.object({ dropAt: z.number(), reviewAt: z.number() }),
  expected: expectedSchema,
  proposals: z.object({ merges: z.number().int(), splits: z.number().int() }),
  out: z.string().nullable(),
});

/** Returns the format asked for, or the one that the file's ending says. */
const formatOf = (asked: string | undefined, out: string | undefined): DecisionListFormat =>
  decisionListFormats.find((name) => name === asked) ?? (out?.endsWith('.jsonl') ? 'jsonl' : 'csv');

export default class Detect extends BaseCommand<typeof Detect> {
  static override resultSchema = detectSchema;
  static override summary = 'Decide on features of your own model, without a workspace.';
  static override description =
    'Reads one row of features and one label per image, and decides as sift does. docs/api.md does the same in TypeScript.';
  static override flags = {
    embeddings: Flags.string({
      summary: 'Features, (images, dimensions): .npy, .safetensors or .parquet.',
      required: true,
    }),
    labels: Flags.string({
      summary: 'Identity of each row: a text file with one per line, a CSV file or a parquet file.',
      required: true,
    }),
    column: Flags.string({ summary: 'Tensor or column that holds the features.' }),
    'identity-column': datasetFlags['identity-column'],
    'path-column': Flags.string({ summary: 'Column that names the image. [default: rows are numbered from 0]' }),
    'target-precision': siftFlags['target-precision'],
    'target-recall': siftFlags['target-recall'],
    out: Flags.string({ summary: 'File to write the decisions to.' }),
    format: Flags.string({
      summary: 'Format of that file. [default: by its ending, else csv]',
      options: [...decisionListFormats],
    }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> --embeddings features.npy --labels labels.txt --out decisions.csv',
    '<%= config.bin %> <%= command.id %> --embeddings set.parquet --labels set.parquet --out decisions.jsonl',
  ];

  async run(): Promise<z.infer<typeof detectSchema>> {
    const { embeddings, labels, column, out, format } = this.flags;
    const { 'identity-column': identityColumn, 'path-column': pathColumn } = this.flags;
    const { sift, index, seed } = this.settings();
    const found = await detectInFiles(
      { embeddings, labels, column, identityColumn, pathColumn },
      {
        ...sift,
        rule: 'calibrated', // the only rule that needs no sub-centres
        index,
        seed,
        signal: this.signal,
        onStep: (step) => this.progress.update('detect', `the images: ${step}`),
      },
    );
    if (out !== undefined)
      writeAtomically(out, decisionList(found.noise.decisions, found.labels, formatOf(format, out)));
    const result = this.resultOf(found, out);
    this.describe(result);
    return result;
  }

  private resultOf({ noise, labels, dimensions }: DetectedFiles, out?: string): z.infer<typeof detectSchema> {
    const { merges, splits } = noise.proposals;
    return {
      images: labels.length,
      identities: noise.identities.length,
      dimensions,
      decisions: countDecisions(noise.decisions.map(({ decision }) => decision)),
      noiseRate: noise.noiseRate,
      cut: { dropAt: noise.cut.dropAt, reviewAt: noise.cut.reviewAt },
      expected: noise.cut.expected,
      proposals: { merges: unanswered(merges).length, splits: unanswered(splits).length },
      out: out ?? null,
    };
  }

  private describe({
    images,
    identities,
    dimensions,
    decisions,
    noiseRate,
    proposals,
    out,
  }: z.infer<typeof detectSchema>) {
    this.log(`${images} images of ${identities} identities, ${dimensions} dimensions`, '');
    this.log(
      ...table(
        ['decision', 'images'],
        Object.entries(decisions).map(([name, n]) => [name, String(n)]),
      ),
    );
    this.log('', describeNoiseRate(noiseRate));
    if (proposals.merges + proposals.splits > 0)
      this.log(`${proposals.merges} pairs of names seem to be one person, ${proposals.splits} names several people`);
    this.log('', out === undefined ? 'Write the decisions with --out decisions.csv' : `decisions: ${out}`);
  }
}
