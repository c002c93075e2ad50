import { Flags } from '@oclif/core';
import { BaseCommand, forceFlag } from '../cli/base-command.js';
import { engineFlags } from '../cli/config-flags.js';
import { describeEvaluation } from '../cli/describe-evaluation.js';
import { pairFlags } from '../cli/pair-flags.js';
import { refuseUnwritable } from '../core/access.js';
import { evaluate } from '../pipeline/evaluate.js';
import { type EvaluateResult, evaluateSchema } from '../workspace/results.js';
import { scoreNames } from '../metrics/pair-scores.js';

export default class Evaluate extends BaseCommand<typeof Evaluate> {
  static override resultSchema = evaluateSchema;
  static override summary = 'Measure verification, and detection against known truth.';
  static override description =
    'Without --pairs, pairs are made of kept images that retraining did not see, and the retrained network is measured; the ' +
    'network trained on the crawl was trained on them. On --pairs of your own both are measured; people and images that ' +
    'were trained on are counted. `compare` says whether cleaning helps. docs/evaluate.md explains each figure.';
  static override flags = {
    ...pairFlags,
    score: Flags.string({
      summary: 'Similarity score of two embeddings; one with parameters needs `score fit` first.',
      options: scoreNames,
      default: scoreNames[0],
    }),
    'scores-out': Flags.string({ summary: 'CSV to write: every pair with its raw cosine, quality, score and fold.' }),
    'spreadsheet-safe': Flags.boolean({
      summary: 'For a spreadsheet: put an apostrophe before every name in the CSV that it would evaluate.',
      dependsOn: ['scores-out'],
    }),
    plots: Flags.string({ summary: 'Folder to write the ROC and DET curves to, as SVG.' }),
    truth: Flags.string({ summary: 'truth.csv of a set whose noise is known.' }),
    ...engineFlags,
    ...forceFlag,
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> --truth noisy/truth.csv',
    '<%= config.bin %> <%= command.id %> --pairs pairs.txt --root lfw --plots curves --scores-out scores.csv',
    '<%= config.bin %> <%= command.id %> --pairs lfw.bin --score qmagface',
  ];

  async run(): Promise<EvaluateResult> {
    const { 'scores-out': scoresOut, 'spreadsheet-safe': spreadsheetSafe, ...input } = this.flags;
    if (scoresOut !== undefined) refuseUnwritable(scoresOut, '--scores-out');
    if (input.plots !== undefined) refuseUnwritable(input.plots, '--plots');
    const { result } = await this.asWriter((context) => evaluate(context, { ...input, scoresOut, spreadsheetSafe }));
    this.log(...describeEvaluation(result));
    return result;
  }
}
