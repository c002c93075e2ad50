import { z } from 'zod';
import { MissingStageError } from '../../core/errors.js';
import { readFact, type Workspace, writeFact } from '../../workspace/workspace.js';
import type { Score } from '../../metrics/pair-score.js';

const storedSchema = z.object({
  parameters: z.record(z.string(), z.number()),
  /** Names the pairs they were fitted on. */
  pairs: z.string(),
});
export type StoredParameters = z.infer<typeof storedSchema>;

/** Parameters belong to one network: another's embeddings have other lengths. */
const factOf = (score: Score, run: string): string => `score:${score.name}:${run}`;

export const storeParameters = (workspace: Workspace, score: Score, run: string, stored: StoredParameters): void =>
  writeFact(workspace, factOf(score, run), JSON.stringify(stored));

/** What `score fit` found for this run; nothing for scores without parameters. @throws MissingStageError before the fit */
export function parametersOf(workspace: Workspace, score: Score, run: string): StoredParameters | undefined {
  if (!score.fit) return undefined;
  const stored = readFact(workspace, factOf(score, run));
  if (stored !== undefined) return storedSchema.parse(JSON.parse(stored));
  throw new MissingStageError(`The score ${score.name} was not fitted to run ${run} yet.`, [
    `facesieve score fit --score ${score.name} --pairs FILE`,
  ]);
}
