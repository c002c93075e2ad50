import { z } from 'zod';
import { saysNoise } from '../core/records.js';
import { readDecisions } from '../workspace/decisions.js';
import type { Workspace } from '../workspace/workspace.js';

const count = z.number().int();

export const roundChangesSchema = z.object({
  round: count,
  /** Its sift run; `explain` and exports of a workspace are about the last one. */
  run: z.string(),
  /** Images that are decided otherwise than in the round before. */
  changed: count,
  /** Of those, images that were noise and are not any more, and the reverse. */
  cameBack: count,
  newlyNoise: count,
});
export type RoundChanges = z.infer<typeof roundChangesSchema>;

/** What sift run `after` decided otherwise than `before`. */
export function compareRounds(workspace: Workspace, round: number, before: string, after: string): RoundChanges {
  const earlier = new Map(readDecisions(workspace, before).map((decision) => [decision.path, decision]));
  const changes = { round, run: after, changed: 0, cameBack: 0, newlyNoise: 0 };
  for (const { path, decision, suggestedIdentity } of readDecisions(workspace, after)) {
    const was = earlier.get(path);
    if (was && was.decision === decision && was.suggestedIdentity === suggestedIdentity) continue;
    changes.changed++;
    const [wasNoise, isNoise] = [was !== undefined && saysNoise(was.decision), saysNoise(decision)];
    if (wasNoise && !isNoise) changes.cameBack++;
    if (!wasNoise && isNoise) changes.newlyNoise++;
  }
  return changes;
}
