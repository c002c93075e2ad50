import { angleDegreesOf } from '../core/angles.js';
import type { Evidence } from '../core/records.js';

const degrees = (cosine: number): string => `${angleDegreesOf(cosine).toFixed(0)}°`;

/** Returns the evidence on an image in words: `61° from the identity's other images, Ada at 58°, 20 % of the neighbours agree`. */
export function describeEvidence(evidence: Evidence): string {
  const { cosOwn, cosDominant, rivalIdentity, rivalCos, neighbourAgreement } = evidence;
  return [
    cosOwn === null ? [] : `${degrees(cosOwn)} from the identity's other images`,
    rivalIdentity === null || rivalCos === null ? [] : `${rivalIdentity} at ${degrees(rivalCos)}`,
    neighbourAgreement === null ? [] : `${(100 * neighbourAgreement).toFixed(0)} % of the neighbours agree`,
    cosDominant === null ? [] : `${degrees(cosDominant)} from the dominant sub-centre`,
  ]
    .flat()
    .join(', ');
}
