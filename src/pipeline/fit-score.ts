import { z } from 'zod';
import { readPurifiedList } from '../workspace/purified-list.js';
import type { StageContext } from '../workspace/stage.js';
import { comparedRuns, measureAll, type PairChoice, pairsFingerprint } from './evaluate/measure-pairs.js';
import { storeParameters } from './evaluate/score-parameters.js';
import { scoreByName } from '../metrics/pair-scores.js';

export const fitScoreSchema = z.object({
  score: z.string(),
  genuine: z.number().int(),
  impostor: z.number().int(),
  /** Of each network, and the operating points that the parameters were read from. */
  fits: z.array(
    z.object({
      network: z.enum(['before', 'after']),
      run: z.string(),
      parameters: z.record(z.string(), z.number()),
      points: z.array(z.record(z.string(), z.number())),
    }),
  ),
});
export type FitScoreResult = z.infer<typeof fitScoreSchema>;

/**
 * Fits a score's parameters to each network that `evaluate` compares, and keeps them in the workspace.
 * @param name of a score that has parameters @throws EmptyInputError when there are too few pairs
 */
export async function fitScore(context: StageContext, name: string, choice: PairChoice): Promise<FitScoreResult> {
  const list = readPurifiedList(context.workspace);
  const score = scoreByName(name);
  const pairs = pairsFingerprint(context, list, choice);
  const { runs } = await measureAll(context, list, comparedRuns(context, list), choice);
  const fits = runs.map(({ name, run, measures }) => ({ network: name, run: run.id, ...score.fit!(measures) }));
  for (const { run, parameters } of fits) storeParameters(context.workspace, score, run, { parameters, pairs });
  const { same } = runs[0].measures;
  const genuine = same.filter(Boolean).length;
  return { score: name, genuine, impostor: same.length - genuine, fits };
}
