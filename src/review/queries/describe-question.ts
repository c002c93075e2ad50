import { angleDegreesOf } from '../../core/angles.js';
import { type DecisionHead, findDecision } from '../../workspace/decisions.js';
import { slotOfFace } from '../../workspace/images.js';
import type { GivenVerdict } from '../../core/decided-image.js';
import type { Workspace } from '../../workspace/workspace.js';
import type { CopyAnswer, GivenAnswer, QuestionAnswer, RivalAnswer } from './api-types.js';
import { evidenceInWords } from './evidence-words.js';
import type { Survey } from './survey.js';

const angleOf = (cosine: number | null): number | null => (cosine === null ? null : angleDegreesOf(cosine));

/** A questioned image with everything a person needs to answer. @param facesOf typical faces of a name */
export function describeQuestion(
  workspace: Workspace,
  survey: Survey,
  head: DecisionHead,
  facesOf: (identity: string) => number[],
): QuestionAnswer {
  const { reason, suggestedIdentity, evidence } = findDecision(workspace, survey.run, head.path)!;
  return {
    id: head.id,
    path: head.path,
    face: slotOfFace(workspace, head.id, evidence.face ?? 0),
    decision: head.decision,
    reason,
    words: evidenceInWords(head.identity, evidence),
    pNoise: head.pNoise,
    angle: angleOf(evidence.cosOwn),
    angleDominant: angleOf(evidence.cosDominant),
    neighbourAgreement: evidence.neighbourAgreement,
    rival: rivalOf(suggestedIdentity ?? evidence.rivalIdentity),
    copies: (evidence.sameAs ?? []).map(copyOf),
    verdict: givenAnswer(survey.verdicts.get(head.path)),
  };

  function rivalOf(identity: string | null): RivalAnswer | null {
    if (identity === null || identity === head.identity) return null;
    const angle = identity === evidence.rivalIdentity ? angleOf(evidence.rivalCos) : null;
    return { identity, angle, faces: facesOf(identity) };
  }

  function copyOf({ path, identity }: { path: string; identity: string }): CopyAnswer {
    const copy = survey.byPath.get(path);
    return { path, identity, face: copy ? slotOfFace(workspace, copy.id, 0) : null };
  }
}

export const givenAnswer = (given: GivenVerdict | undefined): GivenAnswer | null =>
  given === undefined
    ? null
    : { verdict: given.verdict, identity: given.identity, reviewer: given.reviewer, givenAt: given.givenAt };
