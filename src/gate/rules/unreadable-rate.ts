import { type GateRule, shareOf } from '../rule.js';

export const unreadableRate: GateRule = {
  id: 'unreadable-rate',
  describe: 'share of image files that could not be read',
  bounds: ['max'],
  unit: 'share',
  measure: ({ unreadable, readable }) =>
    shareOf(
      unreadable.map(({ path, reason }) => ({ kind: 'image', name: path, detail: reason })),
      readable + unreadable.length,
    ),
};
