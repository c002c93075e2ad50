import type { EffectiveNames } from '../identities/names/effective-names.js';
import type { NamesSince } from '../identities/names/names-since.js';
import { awaitsItsFace, type EffectiveDecision, isDecisive } from '../core/decided-image.js';
import type { Decision, DecisionName } from '../core/records.js';
import { readDecisions } from './decisions.js';
import { namesSince } from './effective-names.js';
import type { Run } from './runs.js';
import { currentVerdicts } from './verdicts.js';
import type { Workspace } from './workspace.js';

/** Decisions left out of a purified set. `review` stays in until a person says otherwise: nothing is lost by default. */
const leftOut = new Set<DecisionName>(['drop', 'duplicate']);
/** Decisions that a person overrules who says of whom the image is. */
const overruled = new Set<DecisionName>(['drop', 'relabel', 'review']);

/** Decisions of `run` with verdicts applied: those on images win over those on names, and both over the program's. */
export function effectiveDecisions(workspace: Workspace, run: Run, names: EffectiveNames): EffectiveDecision[] {
  const verdicts = currentVerdicts(workspace);
  const since = namesSince(names, run);
  return readDecisions(workspace, run.id).map((decision) => {
    const verdict = verdicts.get(decision.path) ?? null;
    const name = names.nameOf(decision.path);
    const decided = isDecisive(verdict)
      ? { final: verdict.verdict, target: names.givenTo(decision.path) ?? name }
      : withNames(awaitsItsFace(verdict, decision.evidence.face) ? unjudged(decision) : decision, name, names, since);
    const { final, target } = decided;
    const finalIdentity = leftOut.has(final) ? null : final === 'relabel' ? target : name;
    return { ...decision, verdict, final, name, finalIdentity };
  });
}

/** Nothing is known of the face that a person chose until it is sifted. */
const unjudged = (decision: Decision): Decision => ({ ...decision, decision: 'review', suggestedIdentity: null });

/** What a decision comes to when names have changed since it was made. */
function withNames(
  { path, decision, suggestedIdentity }: Decision,
  name: string,
  names: EffectiveNames,
  since: NamesSince,
): { final: DecisionName; target: string } {
  if ((since.isListed(path) || names.isAssigned(path)) && overruled.has(decision))
    return { final: 'keep', target: name };
  if (decision !== 'relabel') return { final: decision, target: name };
  const gone = since.tookBack ? undefined : (suggestedIdentity ?? name); // a name may also be new, or its images gone
  const target = suggestedIdentity === null ? name : (since.called(suggestedIdentity) ?? gone);
  if (target === undefined) return { final: 'review', target: name }; // the name it should go to is gone
  return { final: target === name && suggestedIdentity !== null ? 'keep' : 'relabel', target };
}
