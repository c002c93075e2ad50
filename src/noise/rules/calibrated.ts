import { describeEvidence } from '../describe-evidence.js';
import type { Rule } from '../rule.js';

export const calibrated: Rule = {
  name: 'calibrated',
  summary: 'noise iff p_noise, estimated on the set itself, is at least the cut',
  bare: false,
  call(evidence, pNoise, { dropAt, reviewAt }) {
    const because = `${describeEvidence(evidence)}: noise in ${(100 * pNoise).toFixed(0)} % of such cases in this set`;
    if (pNoise >= dropAt) return { says: 'noise', because };
    return { says: pNoise >= reviewAt ? 'unsure' : 'clean', because };
  },
};
