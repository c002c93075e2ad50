import { angleDegreesOf } from '../core/angles.js';
import type { Evidence } from '../core/records.js';

const degrees = (cosine: number): string => `${angleDegreesOf(cosine).toFixed(0)}°`;

/** The evidence on an image in words: `61° from the dominant sub-centre, Ada at 58°, 20 % of the neighbours agree`. */
export function describeEvidence(evidence: Evidence): string {
  const { cosDominant, rivalIdentity, rivalCos, neighbourAgreement } = evidence;
  return [
    cosDominant === null ? [] : `${degrees(cosDominant)} from the dominant sub-centre`,
    rivalIdentity === null || rivalCos === null ? [] : `${rivalIdentity} at ${degrees(rivalCos)}`,
    neighbourAgreement === null ? [] : `${(100 * neighbourAgreement).toFixed(0)} % of the neighbours agree`,
  ]
    .flat()
    .join(', ');
}
