import { type GateRule, shareOf, whenKnown } from '../rule.js';

export const reviewRate: GateRule = {
  id: 'review-rate',
  describe: 'share of images that wait for a person',
  bounds: ['max'],
  unit: 'share',
  measure: ({ decided }) =>
    whenKnown(decided, ({ images }) =>
      shareOf(
        images
          .filter(({ final }) => final === 'review')
          .map(({ path, reason }) => ({ kind: 'image', name: path, detail: reason })),
        images.length,
      ),
    ),
};
