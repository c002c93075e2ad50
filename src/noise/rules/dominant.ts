import type { Rule } from '../rule.js';
import { callByDominance, unlessNoDominant } from './subcenter-calls.js';

export const dominant: Rule = {
  name: 'dominant',
  summary: 'noise iff the nearest sub-centre is not the dominant one',
  bare: false,
  call: (evidence) => unlessNoDominant(evidence, () => callByDominance(evidence)),
};
