import { membersOf } from '../core/groups.js';

/** Share of the photographs under two names whose names are both right: one person known by two. */
const BOTH_RIGHT = 1e-3;

/**
 * p_noise that also knows of the same photograph under other names: of two names one is wrong, and where one plainly fits it is
 * the other. @param pNoise (N) @param labels (N), names of one person as one
 * @param faceGroups (N), images with the same number show the same face of the same photograph
 */
export function applyConflicts(pNoise: Float64Array, labels: Int32Array, faceGroups: Int32Array): Float64Array {
  const weighed = Float64Array.from(pNoise);
  for (const members of membersOf(faceGroups)) {
    for (const image of members) {
      const elsewhere = members.filter((other) => labels[other] !== labels[image]);
      if (elsewhere.length === 0) continue;
      const [p, other] = [pNoise[image], Math.min(...elsewhere.map((i) => pNoise[i]))];
      const wrong = p;
      const right = (1 - p) * (other + BOTH_RIGHT * (1 - other));
      weighed[image] = wrong / (wrong + right);
    }
  }
  return weighed;
}
