import { angleDegreesOf } from '../core/angles.js';
import type { Decision, Evidence } from '../core/records.js';
import { quantile } from '../core/statistics.js';
import type { Call, Rule, RuleSettings } from './rule.js';

export interface Suspect {
  path: string;
  identity: string;
  evidence: Evidence;
  pNoise: number;
}

export interface DecideSettings extends RuleSettings {
  hardFence: number;
}

/** One decision an image by `rule`; a bare rule knows only keep and drop. Duplicates are a later step. */
export function decide(suspects: readonly Suspect[], rule: Rule, settings: DecideSettings): Decision[] {
  const calls = suspects.map(({ evidence, pNoise }) => rule.call(evidence, pNoise, settings));
  const clean = suspects.filter((_, i) => calls[i].says === 'clean').map(({ evidence }) => evidence);
  const hardFrom = hardAngle(clean, settings.hardFence);
  const memberFrom = memberCosine(clean);
  const lowBelow = lowQuality(suspects);
  return suspects.map((suspect, i) => {
    const call = { ...calls[i], because: `${describeFaces(suspect.evidence)}${calls[i].because}` };
    const base = { path: suspect.path, evidence: suspect.evidence, pNoise: suspect.pNoise, suggestedIdentity: null };
    if (call.says === 'noise') {
      const rival = rule.bare ? undefined : rivalHome(suspect.evidence, memberFrom);
      return rival
        ? { ...base, decision: 'relabel', suggestedIdentity: rival, reason: relabelReason(call, suspect, rival) }
        : { ...base, decision: 'drop', reason: `not ${suspect.identity}: ${call.because}` };
    }
    const quality = (suspect.evidence.quality ?? Infinity) < lowBelow ? 'low quality; ' : '';
    if (call.says === 'unsure') return { ...base, decision: 'review', reason: `uncertain: ${quality}${call.because}` };
    const angle = standingAngle(suspect.evidence);
    return !rule.bare && angle > hardFrom
      ? {
          ...base,
          decision: 'hard',
          reason: `right person, unusual image: ${quality}${call.because}`,
        }
      : { ...base, decision: 'keep', reason: call.because };
  });
}

/** Degrees from the identity's other images; of its only image, from its sub-centre. */
const standingAngle = ({ cosOwn, cosDominant }: Evidence): number => angleDegreesOf(cosOwn ?? cosDominant!);

/** Angle in degrees beyond which a clean image is an outlier among the clean ones (Tukey's upper fence). */
function hardAngle(clean: readonly Evidence[], fence: number): number {
  const angles = clean.map(standingAngle);
  const [lower, upper] = [quantile(angles, 0.25), quantile(angles, 0.75)];
  return upper + fence * (upper - lower);
}

/** Share of the images, by the length of their embeddings, whose picture is called the likely cause of doubt. */
const LOWEST = 0.1;

/** Quality below which an image is of the set's worst: the network saw little in it, which says nothing about whose it is. */
const lowQuality = (suspects: readonly Suspect[]): number =>
  quantile(
    suspects.flatMap(({ evidence }) => evidence.quality ?? []),
    LOWEST,
  );

/** Cosine to their own centre that nine of ten clean images reach: what a member looks like in this set. */
const memberCosine = (clean: readonly Evidence[]): number =>
  quantile(
    clean.flatMap(({ cosOwn }) => cosOwn ?? []),
    0.1,
  );

/** Of the neighbours: from so many of the rival's it is at home there. Pictures of nobody are near to many names. */
const AT_HOME = 0.3;

/** The rival identity, when the image looks like one of its members and lies among them; what has no face is nobody's. */
function rivalHome(
  { rivalIdentity, rivalCos, rivalAgreement, faces }: Evidence,
  memberFrom: number,
): string | undefined {
  if (rivalIdentity === null || faces === 0 || (rivalAgreement ?? 0) < AT_HOME) return undefined;
  return rivalCos !== null && rivalCos >= memberFrom ? rivalIdentity : undefined;
}

/** What the detector saw, where that matters. */
const describeFaces = ({ faces, face }: Evidence): string => {
  if (faces === 0) return 'no face was found in it; ';
  return faces !== undefined && faces > 1 ? `of its ${faces} faces the one called ${face! + 1}; ` : '';
};

const relabelReason = (call: Call, { identity }: Suspect, rival: string): string =>
  `not ${identity} but ${rival}: ${call.because}`;
