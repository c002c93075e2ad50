import { type GateRule, offendingImage, shareOf } from '../rule.js';

export const unreadableRate: GateRule = {
  id: 'unreadable-rate',
  describe: 'share of image files that could not be read',
  bounds: ['max'],
  unit: 'share',
  measure: ({ unreadable, readable }) => shareOf(unreadable.map(offendingImage), readable + unreadable.length),
};
