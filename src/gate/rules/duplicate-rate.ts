import { type GateRule, shareDecidedAs } from '../rule.js';

export const duplicateRate: GateRule = {
  id: 'duplicate-rate',
  describe: 'share of images that are copies',
  bounds: ['max'],
  unit: 'share',
  measure: shareDecidedAs('duplicate'),
};
