import { angleDegreesOf } from '../core/angles.js';
import type { Decision, Evidence } from '../core/records.js';
import { quantile } from '../core/statistics.js';
import type { Call, Rule, RuleSettings } from './rules.js';

/** An image with its evidence and p_noise. */
export interface ScoredImage {
  path: string;
  /** The identity it is labelled as. */
  identity: string;
  evidence: Evidence;
  /** Probability that the label is wrong or no face is shown, [0, 1]. */
  pNoise: number;
}

export interface DecideSettings extends RuleSettings {
  /** Quartile distances beyond the upper quartile of the kept images' angles from which an image is hard (Tukey's fence). */
  hardFence: number;
}

/**
 * Decides on each image by `rule`; a bare rule knows only keep and drop. Duplicates are a later step.
 *
 * @returns (N), in the order of the images
 */
export function decide(scored: readonly ScoredImage[], rule: Rule, settings: DecideSettings): Decision[] {
  const calls = scored.map(({ evidence, pNoise }) => rule.call(evidence, pNoise, settings));
  const clean = scored.filter((_, i) => calls[i].says === 'clean').map(({ evidence }) => evidence);
  const isHard = outlierTest(clean, settings.hardFence);
  const memberFrom = memberCosine(clean);
  const lowBelow = lowQuality(scored);
  return scored.map((image, i) => {
    const call = { ...calls[i], because: `${describeFaces(image.evidence)}${calls[i].because}` };
    const base = { path: image.path, evidence: image.evidence, pNoise: image.pNoise, suggestedIdentity: null };
    if (call.says === 'noise') {
      const other = rule.bare ? undefined : otherIdentityOf(image.evidence, memberFrom);
      return other
        ? { ...base, decision: 'relabel', suggestedIdentity: other, reason: relabelReason(call, image, other) }
        : { ...base, decision: 'drop', reason: `not ${image.identity}: ${call.because}` };
    }
    const quality = (image.evidence.quality ?? Infinity) < lowBelow ? 'low quality; ' : '';
    if (call.says === 'unsure') return { ...base, decision: 'review', reason: `uncertain: ${quality}${call.because}` };
    return !rule.bare && isHard(image.evidence)
      ? {
          ...base,
          decision: 'hard',
          reason: `right person, unusual image: ${quality}${call.because}`,
        }
      : { ...base, decision: 'keep', reason: call.because };
  });
}

/** An angle in degrees, with the space that it was measured in: angles of two spaces are not compared. */
interface MeasuredAngle {
  space: 'whitened' | 'trained';
  degrees: number;
}

/** Returns the angle to the other images of the class; of a class's only image, the one to its dominant sub-centre. */
function classAngle({ cosOwn, cosDominant }: Evidence): MeasuredAngle | null {
  if (cosOwn !== null) return { space: 'whitened', degrees: angleDegreesOf(cosOwn) };
  return cosDominant === null ? null : { space: 'trained', degrees: angleDegreesOf(cosDominant) };
}

/** Returns whether an image is an outlier among the clean ones by its angle (Tukey's upper fence), a fence for each space. */
function outlierTest(clean: readonly Evidence[], fence: number): (evidence: Evidence) => boolean {
  const angles = clean.flatMap((evidence) => classAngle(evidence) ?? []);
  const fenceOf = (space: MeasuredAngle['space']): number => {
    const degrees = angles.filter((angle) => angle.space === space).map((angle) => angle.degrees);
    const [lower, upper] = [quantile(degrees, 0.25), quantile(degrees, 0.75)];
    return upper + fence * (upper - lower);
  };
  const fences = { whitened: fenceOf('whitened'), trained: fenceOf('trained') };
  return (evidence) => {
    const angle = classAngle(evidence);
    return angle !== null && angle.degrees > fences[angle.space];
  };
}

/** Share of the images, by the length of their embeddings, whose picture is called the likely cause of doubt. */
const LOWEST = 0.1;

/** Returns the quality below which an image is among the worst of the set: the network saw little in it, whoever it shows. */
const lowQuality = (scored: readonly ScoredImage[]): number =>
  quantile(
    scored.flatMap(({ evidence }) => evidence.quality ?? []),
    LOWEST,
  );

/** Returns the cosine to their own class mean that nine of ten clean images reach. */
const memberCosine = (clean: readonly Evidence[]): number =>
  quantile(
    clean.flatMap(({ cosOwn }) => cosOwn ?? []),
    0.1,
  );

/** Share of the neighbours that must carry the other label: images that show no face are near to many classes. */
const MIN_OTHER_AGREEMENT = 0.3;

/** Returns the nearest other identity if the image is as near to it as its members and lies among them, and has a face. */
function otherIdentityOf(
  { rivalIdentity, rivalCos, rivalAgreement, faces }: Evidence,
  memberFrom: number,
): string | undefined {
  if (rivalIdentity === null || faces === 0 || (rivalAgreement ?? 0) < MIN_OTHER_AGREEMENT) return undefined;
  return rivalCos !== null && rivalCos >= memberFrom ? rivalIdentity : undefined;
}

/** Returns what the detector found, if it did not find exactly one face. */
const describeFaces = ({ faces, face, faceChosen }: Evidence): string => {
  if (faces === 0) return 'no face was found in it; ';
  if (faces === undefined || faces < 2) return '';
  return `face ${face! + 1} of ${faces}${faceChosen ? ', which a person chose' : ''}; `;
};

const relabelReason = (call: Call, { identity }: ScoredImage, other: string): string =>
  `not ${identity} but ${other}: ${call.because}`;
