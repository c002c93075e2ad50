import { z } from 'zod';
import { BaseCommand, forceFlag } from '../cli/base-command.js';
import { siftFlags } from '../cli/config-flags.js';
import {
  describeCopies,
  describeExpected,
  describeNoiseRate,
  describeOverlap,
  describeRules,
  describeUnjudged,
  describeWithheld,
} from '../cli/describe-results.js';
import { describeFeatures, featureFlags, listFormatOf } from '../cli/sift-features.js';
import { workspaceOption } from '../cli/next-steps.js';
import { writeAtomically } from '../core/atomic-write.js';
import { table } from '../core/text/table.js';
import { siftSchema } from '../workspace/results.js';
import { siftFeatures } from '../pipeline/sift-features.js';
import { sift } from '../pipeline/sift.js';
import { quantity } from '../core/text/quantity.js';

const describeProposals = ({ merges, splits }: { merges: number; splits: number }, option: string): string =>
  `taken for one person: ${quantity(merges, 'pair')} of names; taken for several people: ${quantity(splits, 'name')}: facesieve identities list${option}`;

/** Features of the user's own model have no index to check, no copies and no times to tell. */
const siftCommandSchema = siftSchema.partial({ index: true, copies: true, seconds: true }).extend({
  images: z.number().int().optional(),
  identities: z.number().int().optional(),
  dimensions: z.number().int().optional(),
  out: z.string().nullable().optional(),
});

export default class Sift extends BaseCommand<typeof Sift> {
  static override resultSchema = siftCommandSchema;
  static override summary = 'Decide on every image, with the evidence.';
  static override description =
    'With --embeddings and --labels it decides on features of your own model; docs/api.md does the same in TypeScript.';
  static override flags = { ...siftFlags, ...featureFlags, ...forceFlag };
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --rule angle --angle 75',
    '<%= config.bin %> <%= command.id %> --embeddings features.npy --labels labels.txt --out decisions.csv',
    '<%= config.bin %> <%= command.id %> --embeddings set.parquet --labels set.parquet --out decisions.jsonl',
  ];

  async run(): Promise<z.infer<typeof siftCommandSchema>> {
    const { embeddings, labels } = this.flags;
    return embeddings !== undefined && labels !== undefined ? this.ofFeatures(embeddings, labels) : this.ofWorkspace();
  }

  private async ofFeatures(embeddings: string, labels: string): Promise<z.infer<typeof siftCommandSchema>> {
    const { column, out = null, 'identity-column': identityColumn, 'path-column': pathColumn } = this.flags;
    const { found, list } = await siftFeatures(
      { embeddings, labels, column, identityColumn, pathColumn },
      this.settings(),
      listFormatOf(this.flags.format, out ?? ''),
      out,
      { progress: this.progress, signal: this.signal },
    );
    if (out !== null) writeAtomically(out, list);
    this.log(...describeFeatures(found, out));
    return { ...found, out };
  }

  private async ofWorkspace(): Promise<z.infer<typeof siftSchema>> {
    const { result } = await this.asWriter(sift);
    const decided = Object.entries(result.decisions).map(([name, n]) => [name, String(n)]);
    this.log(...table(['decision', 'images'], decided));
    this.log('', describeNoiseRate(result.noiseRate));
    if (result.withheld) this.log('', ...describeWithheld(result.withheld));
    if (result.unjudged) this.log('', ...describeUnjudged(result.unjudged));
    this.log(...describeExpected(result));
    this.log('');
    this.log(...describeRules(result.ruleCounts));
    if (result.proposals.merges + result.proposals.splits > 0)
      this.log('', describeProposals(result.proposals, workspaceOption(this.flags.workspace)));
    this.log('', describeCopies(result.copies));
    if (result.overlap) this.log('', ...describeOverlap(result.overlap));
    return result;
  }
}
