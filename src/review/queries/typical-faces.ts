import { findDecision, type DecisionHead } from '../../workspace/decisions.js';
import { slotOfFace } from '../../workspace/images.js';
import type { Workspace } from '../../workspace/workspace.js';
import { finalOf } from '../../core/decided-image.js';
import { shownFace, type Survey } from './survey.js';

/** Looked at of an identity at most: beyond that a sample is as good. */
const LOOKED_AT = 400;

interface Standing {
  head: DecisionHead;
  /** Nearest to the dominant sub-centre, and not to another one. */
  dominant: boolean;
  /** Cosine to the dominant sub-centre. */
  higherIsMoreTypical: number;
  dominantShare: number | null;
}

/** How an identity looks: slots of its most typical faces, the most typical first. */
export interface Looks {
  faces: number[];
  /** Share of the votes that its dominant sub-centre got. */
  dominantShare: number | null;
}

/**
 * The faces nearest to the identity's dominant sub-centre, of images that stay in it: first those that belong to that
 * sub-centre, then, where they are few, the others that stay. What a person said counts.
 */
export function looksOf(workspace: Workspace, survey: Survey, identity: string, most: number): Looks {
  const staying = (survey.byIdentity.get(identity) ?? []).filter((head) => stays(survey, head));
  const step = Math.max(1, Math.ceil(staying.length / LOOKED_AT));
  const standings = staying.filter((_, i) => i % step === 0).map((head) => standingOf(workspace, survey.run, head));
  standings.sort((a, b) => Number(b.dominant) - Number(a.dominant) || b.higherIsMoreTypical - a.higherIsMoreTypical);
  return {
    faces: standings.slice(0, most).map(({ head }) => slotOfFace(workspace, head.id, shownFace(survey, head))),
    dominantShare: standings[0]?.dominantShare ?? null,
  };
}

/** Uncertain images show nobody how the person looks, until somebody says that they do. */
const stays = ({ verdicts }: Survey, { path, decision, face }: DecisionHead): boolean =>
  ['keep', 'hard'].includes(finalOf(verdicts.get(path), decision, face));

function standingOf(workspace: Workspace, run: string, head: DecisionHead): Standing {
  const { evidence } = findDecision(workspace, run, head.path)!;
  const { subcenter, dominantSubcenter, cosDominant, dominantShare } = evidence;
  return {
    head,
    dominant: subcenter === dominantSubcenter,
    higherIsMoreTypical: cosDominant ?? -1,
    dominantShare,
  };
}
