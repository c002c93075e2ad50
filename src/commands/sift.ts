import { z } from 'zod';
import { BaseCommand, forceFlag } from '../cli/base-command.js';
import { siftFlags } from '../cli/config-flags.js';
import {
  describeCopies,
  describeNoiseRate,
  describeOverlap,
  describeUnjudged,
  describeWithheld,
} from '../cli/describe-results.js';
import { workspaceOption } from '../cli/next-steps.js';
import { table } from '../core/text/table.js';
import { rules } from '../noise/rules.js';
import { siftSchema } from '../workspace/results.js';
import { sift } from '../pipeline/sift.js';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const describeProposals = ({ merges, splits }: { merges: number; splits: number }, option: string): string =>
  `${merges} pairs of names seem to be one person, ${splits} names several people: facesieve identities list${option}`;

export default class Sift extends BaseCommand<typeof Sift> {
  static override resultSchema = siftSchema;
  static override summary = 'Decide on every image, with the evidence.';
  static override flags = { ...siftFlags, ...forceFlag };
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --rule angle --angle 75',
  ];

  async run(): Promise<z.infer<typeof siftSchema>> {
    const { result } = await this.asWriter(sift);
    const { precision, recall } = result.expected;
    const decided = Object.entries(result.decisions).map(([name, n]) => [name, String(n)]);
    this.log(...table(['decision', 'images'], decided));
    this.log('', describeNoiseRate(result.noiseRate));
    if (result.withheld) this.log('', ...describeWithheld(result.withheld));
    if (result.unjudged) this.log('', ...describeUnjudged(result.unjudged));
    const flagged = result.decisions.drop + result.decisions.relabel;
    if (precision !== null && recall !== null)
      this.log(`expected of what is called noise: precision ${percent(precision)}, recall ${percent(recall)}`);
    else if (flagged > 0) this.log('expected of what is called noise: not known, too few images are');
    this.log('');
    const counts = Object.entries(result.ruleCounts).map(([name, n]) => [
      name,
      String(n),
      rules[name as keyof typeof rules].summary,
    ]);
    this.log(...table(['rule', 'would drop', 'which'], counts));
    if (result.proposals.merges + result.proposals.splits > 0)
      this.log('', describeProposals(result.proposals, workspaceOption(this.flags.workspace)));
    this.log('', describeCopies(result.copies));
    if (result.overlap) this.log('', ...describeOverlap(result.overlap));
    return result;
  }
}
