import { BaseCommand, forceFlag } from '../cli/base-command.js';
import { engineFlags } from '../cli/config-flags.js';
import { describeComparison } from '../cli/describe-comparison.js';
import { compare } from '../pipeline/compare.js';
import { type CompareResult, compareSchema } from '../workspace/results.js';

export default class Compare extends BaseCommand<typeof Compare> {
  static override resultSchema = compareSchema;
  static override summary = 'Say whether cleaning helps: verification of people held out of every training.';
  static override description =
    'People are held out, a part of them at a time. On the images of the others three networks are trained with the same ' +
    'settings and steps: on the crawl as it was, on the purified set, and on as many images of the crawl drawn at random. ' +
    'All three are tested on the same pairs of held-out people. From scratch this takes three trainings a part (setting ' +
    'evaluate.compareFolds), with a frozen model seconds. docs/evaluate.md explains the figures.';
  static override flags = { ...engineFlags, ...forceFlag };
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run(): Promise<CompareResult> {
    const { result } = await this.asWriter((context) => compare(context));
    this.log(...describeComparison(result));
    return result;
  }
}
