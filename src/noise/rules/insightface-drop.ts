import { INSIGHTFACE_ANGLE } from '../../subcenter/drop-rule.js';
import type { Rule } from '../rule.js';
import { callByAngle } from './subcenter-calls.js';

export const insightfaceDrop: Rule = {
  name: 'insightface-drop',
  summary: "insightface's drop.py: 75 degrees, ties to the lowest sub-centre, nothing else",
  bare: true,
  call: (evidence) => callByAngle(evidence, INSIGHTFACE_ANGLE),
};
