import { angleDegreesOf } from '../core/angles.js';
import type { Evidence } from '../core/records.js';
import { INSIGHTFACE_ANGLE } from '../core/angles.js';
import { isBeyondAngle } from '../subcenter/drop-rule.js';
import { describeEvidence } from './describe-evidence.js';

export interface RuleSettings {
  /** Degrees, (0, 180]. */
  angle: number;
  /** p_noise from which an image is noise, and from which it goes to review. */
  dropAt: number;
  reviewAt: number;
}

/** What a rule says of one image, and why in words. */
export interface Call {
  says: 'clean' | 'unsure' | 'noise';
  because: string;
}

/** Separates noise from clean images. A new rule is one entry of {@link rules}. */
export interface Rule {
  summary: string;
  /** Only keep and drop: no review, relabel, hard or duplicate. */
  bare: boolean;
  /** Reads the evidence on sub-centres, which only a network with a sub-centre head gives. */
  needsSubcenters: boolean;
  call(evidence: Evidence, pNoise: number, settings: RuleSettings): Call;
}

/** Calls by the angle to the dominant sub-centre: noise from `angle` degrees on. */
function callByAngle({ cosDominant }: Evidence, angle: number): Call {
  const measured = `${angleDegreesOf(cosDominant!).toFixed(1)}° from the dominant sub-centre`;
  return isBeyondAngle(cosDominant!, angle)
    ? { says: 'noise', because: `${measured}, not below ${angle}°` }
    : { says: 'clean', because: `${measured}, below ${angle}°` };
}

/** Calls by the vote: noise if the nearest sub-centre is not the one that most images of the class are nearest to. */
function callByDominance({ subcenter, dominantSubcenter }: Evidence): Call {
  return subcenter === dominantSubcenter
    ? { says: 'clean', because: `nearest to the dominant sub-centre ${dominantSubcenter}` }
    : { says: 'noise', because: `nearest to sub-centre ${subcenter}, not to the dominant ${dominantSubcenter}` };
}

function callCalibrated(evidence: Evidence, pNoise: number, { dropAt, reviewAt }: RuleSettings): Call {
  const because = `${describeEvidence(evidence)}: noise in ${(100 * pNoise).toFixed(0)} % of such cases in this set`;
  if (pNoise >= dropAt) return { says: 'noise', because };
  return { says: pNoise >= reviewAt ? 'unsure' : 'clean', because };
}

/** A rule on sub-centres: a class without a dominant one gives no evidence, so that all of its images go to review. */
const subcenterRule = (summary: string, call: (evidence: Evidence, settings: RuleSettings) => Call): Rule => ({
  summary,
  bare: false,
  needsSubcenters: true,
  call: (evidence, _, settings) =>
    evidence.hasDominant
      ? call(evidence, settings)
      : { says: 'unsure', because: 'the identity has no dominant sub-centre: a tie, or fewer than half of its votes' },
});

/** Every rule by its name. */
export const rules = {
  calibrated: {
    summary: 'noise iff p_noise, estimated on the set itself, is at least the cut',
    bare: false,
    needsSubcenters: false,
    call: callCalibrated,
  },
  angle: subcenterRule('noise iff the angle to the dominant sub-centre is at least --angle', (evidence, settings) =>
    callByAngle(evidence, settings.angle),
  ),
  dominant: subcenterRule('noise iff the nearest sub-centre is not the dominant one', callByDominance),
  either: subcenterRule('noise iff `angle` or `dominant` says so', (evidence, settings) => {
    const byAngle = callByAngle(evidence, settings.angle);
    return byAngle.says === 'noise' ? byAngle : callByDominance(evidence);
  }),
  both: subcenterRule('noise iff `angle` and `dominant` both say so', (evidence, settings) => {
    const byDominance = callByDominance(evidence);
    return byDominance.says === 'clean' ? byDominance : callByAngle(evidence, settings.angle);
  }),
  'insightface-drop': {
    summary: "insightface's drop.py: 75 degrees, ties to the lowest sub-centre, nothing else",
    bare: true,
    needsSubcenters: true,
    call: (evidence) => callByAngle(evidence, INSIGHTFACE_ANGLE),
  },
} satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;
