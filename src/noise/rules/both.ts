import type { Rule } from '../rule.js';
import { callByAngle, callByDominance, unlessNoDominant } from './subcenter-calls.js';

export const both: Rule = {
  name: 'both',
  summary: 'noise iff `angle` and `dominant` both say so',
  bare: false,
  call: (evidence, _, settings) =>
    unlessNoDominant(evidence, () => {
      const byDominance = callByDominance(evidence);
      return byDominance.says === 'clean' ? byDominance : callByAngle(evidence, settings.angle);
    }),
};
