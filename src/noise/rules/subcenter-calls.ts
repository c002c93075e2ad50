import { angleDegreesOf } from '../../core/angles.js';
import type { Evidence } from '../../core/records.js';
import { isBeyondAngle } from '../../subcenter/drop-rule.js';
import type { Call } from '../rule.js';

/** Is the image at `angle` degrees or more from the dominant sub-centre? */
export function callByAngle({ cosDominant }: Evidence, angle: number): Call {
  const measured = `${angleDegreesOf(cosDominant!).toFixed(1)}° from the dominant sub-centre`;
  return isBeyondAngle(cosDominant!, angle)
    ? { says: 'noise', because: `${measured}, not below ${angle}°` }
    : { says: 'clean', because: `${measured}, below ${angle}°` };
}

/** Does the image vote for another sub-centre than most of its identity? */
export function callByDominance({ subcenter, dominantSubcenter }: Evidence): Call {
  return subcenter === dominantSubcenter
    ? { says: 'clean', because: `nearest to the dominant sub-centre ${dominantSubcenter}` }
    : { says: 'noise', because: `nearest to sub-centre ${subcenter}, not to the dominant ${dominantSubcenter}` };
}

/** Without a dominant sub-centre nothing can be told apart: the whole identity is for a person to look at. */
export function unlessNoDominant(evidence: Evidence, call: () => Call): Call {
  return evidence.hasDominant
    ? call()
    : { says: 'unsure', because: 'the identity has no dominant sub-centre: a tie, or fewer than half of its votes' };
}
