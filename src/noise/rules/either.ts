import type { Rule } from '../rule.js';
import { callByAngle, callByDominance, unlessNoDominant } from './subcenter-calls.js';

export const either: Rule = {
  name: 'either',
  summary: 'noise iff `angle` or `dominant` says so',
  bare: false,
  call: (evidence, _, settings) =>
    unlessNoDominant(evidence, () => {
      const byAngle = callByAngle(evidence, settings.angle);
      return byAngle.says === 'noise' ? byAngle : callByDominance(evidence);
    }),
};
