import { angleDegreesOf } from '../../core/angles.js';
import type { DecidedImage, GivenVerdict } from '../../core/decided-image.js';
import type { Evidence } from '../../core/records.js';

/** Columns of decisions.csv (cli.md). */
export const decisionColumns = [
  'path',
  'identity',
  'decision',
  'reason',
  'suggested_identity',
  'p_noise',
  'cos_dominant',
  'angle_dominant_deg',
  'subcenter',
  'dominant_subcenter',
  'dominant_share',
  'neighbour_agreement',
  'rival_identity',
  'rival_cos',
  'quality',
  'verdict',
  'run',
  'face',
] as const;

export type DecisionColumn = (typeof decisionColumns)[number];
export type DecisionRecord = Record<DecisionColumn, string | number | null>;

/** Six digits after the point: what a table of decisions tells of a figure. */
export const rounded = (value: number | null): number | null => (value === null ? null : Number(value.toFixed(6)));

/** A face was chosen that is none of those that ingest found last: nothing can be said of it. */
const isLost = ({ verdict, face }: GivenVerdict): boolean => verdict === 'wrong-face' && face === null;

/** One record a decided image; null = not known. */
export function decisionRecord({ image, evidence: e, verdict, ...d }: DecidedImage, run: string): DecisionRecord {
  return {
    path: image.path,
    identity: image.identity,
    decision: d.decision,
    reason: d.reason,
    suggested_identity: verdict?.verdict === 'relabel' ? verdict.identity : d.suggestedIdentity,
    p_noise: rounded(d.pNoise),
    cos_dominant: rounded(e.cosDominant),
    angle_dominant_deg: e.cosDominant === null ? null : rounded(angleDegreesOf(e.cosDominant)),
    subcenter: e.subcenter,
    dominant_subcenter: e.dominantSubcenter,
    dominant_share: rounded(e.dominantShare),
    neighbour_agreement: rounded(e.neighbourAgreement),
    rival_identity: e.rivalIdentity,
    rival_cos: rounded(e.rivalCos),
    quality: rounded(e.quality),
    verdict: verdict === null || isLost(verdict) ? null : verdict.verdict,
    run,
    face: numberOfFace(e, verdict),
  };
}

/** Number, from 1, of the face that a row is about: the one that a person chose, else the one that was judged. */
function numberOfFace({ faces, face }: Evidence, verdict: GivenVerdict | null): number | null {
  if (verdict && verdict.face !== null) return verdict.face + 1;
  return faces === undefined || faces === 0 || face === undefined ? null : face + 1;
}
