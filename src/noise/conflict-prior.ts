import { membersOf } from '../core/groups.js';

/** Share of the photographs under two names of which both names are right: one person known by two. */
const BOTH_RIGHT = 1e-3;

/**
 * Updates p_noise of photographs that are under several names: of two names one is wrong, and where one plainly fits it is the
 * other.
 *
 * @param pNoise (N), [0, 1]
 * @param labels (N), names of one person as one label
 * @param faceGroups (N), images with the same number show the same face of the same photograph
 */
export function applyConflicts(pNoise: Float64Array, labels: Int32Array, faceGroups: Int32Array): Float64Array {
  const updated = Float64Array.from(pNoise);
  for (const members of membersOf(faceGroups)) {
    for (const image of members) {
      const elsewhere = members.filter((other) => labels[other] !== labels[image]);
      if (elsewhere.length === 0) continue;
      const [p, other] = [pNoise[image], Math.min(...elsewhere.map((i) => pNoise[i]))];
      const wrong = p;
      const right = (1 - p) * (other + BOTH_RIGHT * (1 - other));
      updated[image] = wrong / (wrong + right);
    }
  }
  return updated;
}
