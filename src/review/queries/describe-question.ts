import { angleDegreesOf } from '../../core/angles.js';
import { type DecisionHead, findDecision } from '../../workspace/decisions.js';
import { facesOfImage } from '../../workspace/face-boxes.js';
import { findImage, slotOfFace, slotsOfImage } from '../../workspace/images.js';
import type { Workspace } from '../../workspace/workspace.js';
import type { CopyAnswer, GivenAnswer, QuestionAnswer, RivalAnswer, ShownFace } from './api-types.js';
import { evidenceInWords } from './evidence-words.js';
import { isClosed, shownFace, type Survey } from './survey.js';

const angleOf = (cosine: number | null): number | null => (cosine === null ? null : angleDegreesOf(cosine));

/** A questioned image with everything a person needs to answer. @param typicalOf typical faces of a name */
export function describeQuestion(
  workspace: Workspace,
  survey: Survey,
  head: DecisionHead,
  typicalOf: (identity: string) => number[],
): QuestionAnswer {
  const { width, height } = findImage(workspace, head.id)!;
  const { reason, suggestedIdentity, evidence } = findDecision(workspace, survey.run, head.path)!;
  return {
    id: head.id,
    path: head.path,
    ...{ width: width ?? 0, height: height ?? 0 },
    ...shownAnswer(workspace, survey, head),
    faces: facesOf(),
    decision: head.decision,
    reason,
    words: evidenceInWords(head.identity, evidence),
    pNoise: head.pNoise,
    angle: angleOf(evidence.cosOwn),
    angleDominant: angleOf(evidence.cosDominant),
    neighbourAgreement: evidence.neighbourAgreement,
    rival: rivalOf(suggestedIdentity ?? evidence.rivalIdentity),
    copies: (evidence.sameAs ?? []).map(copyOf),
    verdict: givenAnswer(survey, head),
  };

  function facesOf(): QuestionAnswer['faces'] {
    const boxes = facesOfImage(workspace, head.path);
    return boxes.length === 0
      ? []
      : slotsOfImage(workspace, head.id).map((slot, i) => ({ slot, box: boxes[i] ?? null }));
  }

  function rivalOf(identity: string | null): RivalAnswer | null {
    if (identity === null || identity === head.identity) return null;
    const angle = identity === evidence.rivalIdentity ? angleOf(evidence.rivalCos) : null;
    return { identity, angle, faces: typicalOf(identity) };
  }

  function copyOf({ path, identity }: { path: string; identity: string }): CopyAnswer {
    const copy = survey.byPath.get(path);
    return { path, identity, face: copy ? slotOfFace(workspace, copy.id, 0) : null };
  }
}

/** What a person said of `head`; null where there is still something to ask. */
export function givenAnswer(survey: Survey, head: DecisionHead): GivenAnswer | null {
  const given = survey.verdicts.get(head.path);
  if (!given || !isClosed(survey, head)) return null;
  const { verdict, identity, face, reviewer, givenAt } = given;
  return { verdict, identity, faceNumber: face === null ? null : face + 1, reviewer, givenAt };
}

/** The face of `head` that is shown. */
export function shownAnswer(workspace: Workspace, survey: Survey, head: DecisionHead): ShownFace {
  const face = shownFace(survey, head);
  const known = head.face !== null && head.faces !== 0;
  return { face: slotOfFace(workspace, head.id, face), faceNumber: known ? face + 1 : null };
}
