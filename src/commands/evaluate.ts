import { Flags } from '@oclif/core';
import { BaseCommand, forceFlag } from '../cli/base-command.js';
import { describeEvaluation } from '../cli/describe-results.js';
import { engineFlags } from '../cli/config-flags.js';
import { evaluate, type EvaluateResult, evaluateSchema } from '../evaluate/evaluate.js';

export default class Evaluate extends BaseCommand<typeof Evaluate> {
  static override resultSchema = evaluateSchema;
  static override summary = 'Measure verification before and after, and detection against known truth.';
  static override description =
    'Without --pairs, pairs are made of kept images that retraining did not see; the network trained on the crawl did ' +
    'see them, so its figure flatters. Pairs of other people, named with --pairs, are the fair comparison.';
  static override flags = {
    pairs: Flags.string({ summary: 'CSV of image pairs: path1,path2,same.' }),
    truth: Flags.string({ summary: 'truth.csv of a set whose noise is known.' }),
    ...engineFlags,
    ...forceFlag,
  };
  static override examples = ['<%= config.bin %> <%= command.id %> --truth spoilt/truth.csv'];

  async run(): Promise<EvaluateResult> {
    const { pairs, truth } = this.flags;
    const { result } = await this.asWriter((context) => evaluate(context, { pairs, truth }));
    this.log(describeEvaluation(result));
    return result;
  }
}
