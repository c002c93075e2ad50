import { type GateRule, shareDecidedAs } from '../rule.js';

export const reviewRate: GateRule = {
  id: 'review-rate',
  describe: 'share of images that wait for a person',
  bounds: ['max'],
  unit: 'share',
  measure: shareDecidedAs('review'),
};
