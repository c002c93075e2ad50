import type { Config } from '../core/config.js';
import type { Rule } from './rule.js';
import { angle } from './rules/angle.js';
import { both } from './rules/both.js';
import { calibrated } from './rules/calibrated.js';
import { dominant } from './rules/dominant.js';
import { either } from './rules/either.js';
import { insightfaceDrop } from './rules/insightface-drop.js';

/** Every rule: one file and one line here. */
export const rules: Record<Config['sift']['rule'], Rule> = {
  calibrated,
  angle,
  dominant,
  either,
  both,
  'insightface-drop': insightfaceDrop,
};
