import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { engineFlags } from '../../cli/config-flags.js';
import { pairFlags } from '../../cli/pair-flags.js';
import { fitScore, type FitScoreResult, fitScoreSchema } from '../../pipeline/fit-score.js';
import { scores } from '../../metrics/pair-scores.js';
import { table } from '../../core/text/table.js';

const fitted = scores.filter(({ fit }) => fit).map(({ name }) => name);

export default class ScoreFit extends BaseCommand<typeof ScoreFit> {
  static override resultSchema = fitScoreSchema;
  static override summary = 'Fit a quality-aware score to the networks of this workspace.';
  static override description =
    'The parameters belong to one network and are stored in the workspace for `evaluate --score`. Use pairs of other people ' +
    'than those that are evaluated; without --pairs, the pairs that evaluate makes are used.';
  static override flags = {
    score: Flags.string({ summary: 'Which score.', options: fitted, default: fitted[0] }),
    ...pairFlags,
    ...engineFlags,
  };
  static override examples = ['<%= config.bin %> <%= command.id %> --pairs others.csv'];

  async run(): Promise<FitScoreResult> {
    const result = await this.asWriter((context) => fitScore(context, this.flags.score, this.flags));
    const rows = result.fits.flatMap(({ network, run, parameters }) =>
      Object.entries(parameters).map(([name, value]) => [network, run, name, value.toPrecision(6)]),
    );
    this.log(`${result.score}, fitted on ${result.genuine} genuine and ${result.impostor} impostor pairs`);
    this.log(...table(['network', 'run', 'parameter', 'value'], rows));
    return result;
  }
}
