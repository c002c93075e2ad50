import type { Decision } from '../core/records.js';
import { readDecisions } from './decisions.js';
import { currentVerdicts, type GivenVerdict } from './verdicts.js';
import type { Workspace } from './workspace.js';

/** A decision with what a person said of it; `final` is what counts. */
export interface EffectiveDecision extends Decision {
  verdict: GivenVerdict | null;
  final: Decision['decision'];
  /** Identity the image ends up under; null when it is left out. */
  finalIdentity: string | null;
}

/** Decisions left out of a purified set. `review` stays in until a person says otherwise: nothing is lost by default. */
const leftOut = new Set<Decision['decision']>(['drop', 'duplicate']);

/** Decisions of `run` with verdicts applied: a verdict always wins. `identityOf` gives an image's ingested identity. */
export function effectiveDecisions(
  workspace: Workspace,
  run: string,
  identityOf: ReadonlyMap<string, string>,
): EffectiveDecision[] {
  const verdicts = currentVerdicts(workspace);
  return readDecisions(workspace, run).map((decision) => {
    const verdict = verdicts.get(decision.path) ?? null;
    const final = verdict?.verdict ?? decision.decision;
    const suggested = verdict ? verdict.identity : decision.suggestedIdentity;
    const own = identityOf.get(decision.path) ?? null;
    const finalIdentity = leftOut.has(final) ? null : final === 'relabel' ? (suggested ?? own) : own;
    return { ...decision, verdict, final, finalIdentity };
  });
}
