import type { Rule } from '../rule.js';
import { callByAngle, unlessNoDominant } from './subcenter-calls.js';

export const angle: Rule = {
  name: 'angle',
  summary: 'noise iff the angle to the dominant sub-centre is at least --angle',
  bare: false,
  call: (evidence, _, settings) => unlessNoDominant(evidence, () => callByAngle(evidence, settings.angle)),
};
