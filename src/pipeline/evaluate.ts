import { readPurifiedList } from '../workspace/purified-list.js';
import { currentKey, doOnce, type StageContext, type StageOutcome } from '../workspace/stage.js';
import { scoreDetection } from './evaluate/detection.js';
import { type EvaluateResult, networksToTell } from '../workspace/results.js';
import { checkExports, exportPairs, type PairExports } from './evaluate/export-pairs.js';
import {
  describePairs,
  describeScore,
  identifyRuns,
  overlapOf,
  type ScoredRun,
  verifyRuns,
} from './evaluate/compare-runs.js';
import {
  comparedRuns,
  contentHash,
  decisionsFingerprint,
  measureAll,
  type PairChoice,
  pairsFingerprint,
} from './evaluate/measure-pairs.js';
import { pairTableFile, writePairTable } from './evaluate/pair-table.js';
import { scorePairs } from '../metrics/pair-score.js';
import { parametersOf } from './evaluate/score-parameters.js';
import { scoreByName, scores } from '../metrics/pair-scores.js';

export interface EvaluateInput extends PairChoice, PairExports {
  /** truth.csv of a set whose noise is known. */
  truth?: string;
  /** A score of scores.ts; the first of them by default. */
  score?: string;
}

/**
 * Verification of the network trained on the crawl (before) and of the one retrained on the purified set (after), and
 * detection against truth. Which of the two may be told is `networksToTell`; what cleaning is worth is for `compare` to say.
 */
export async function evaluate(context: StageContext, input: EvaluateInput): Promise<StageOutcome<EvaluateResult>> {
  const { workspace, config } = context;
  checkExports(input);
  const list = readPurifiedList(workspace);
  const compared = comparedRuns(context, list);
  const score = scoreByName(input.score ?? scores[0].name);
  const pairs = pairsFingerprint(context, list, input);
  const fitted = {
    before: parametersOf(workspace, score, compared.before.id),
    after: compared.after && parametersOf(workspace, score, compared.after.id),
  };
  const inputs = {
    runs: [compared.before.id, compared.after?.id],
    decisions: decisionsFingerprint(list),
    pairs,
    truth: input.truth && contentHash(input.truth),
    score: [score.name, fitted],
    settings: [config.evaluate.folds, config.evaluate.pairs, config.seed],
  };
  const outcome = await doOnce(context, 'evaluate', inputs, async (key) => {
    const measured = await measureAll(context, list, compared, input);
    const runs = measured.runs.map((run): ScoredRun => {
      const parameters = fitted[run.name]?.parameters;
      return { ...run, parameters, scores: scorePairs(score, run.measures, parameters ?? {}) };
    });
    writePairTable(pairTableFile(workspace, key), { names: measured.names, runs }, config.evaluate.folds);
    return {
      of: {
        ...{ sift: list.siftRun, before: compared.before.id },
        ...(compared.after && { after: compared.after.id }),
      },
      verification: verifyRuns(context, runs),
      pairs: describePairs(measured, runs),
      score: describeScore(score, runs, fitted.before?.pairs === pairs),
      ...(measured.outside
        ? { overlap: overlapOf(context, list, runs.at(-1)!, measured.outside) }
        : identifyRuns(context, list, compared.after, score, runs)),
      ...(input.truth && { detection: scoreDetection(list, input.truth) }),
    };
  });
  exportPairs(pairTableFile(workspace, currentKey(workspace, 'evaluate')!), networksToTell(outcome.result), input);
  return outcome;
}
