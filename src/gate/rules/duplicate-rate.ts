import { type GateRule, shareOf, whenKnown } from '../rule.js';

export const duplicateRate: GateRule = {
  id: 'duplicate-rate',
  describe: 'share of images that are copies',
  bounds: ['max'],
  unit: 'share',
  measure: ({ decided }) =>
    whenKnown(decided, ({ images }) =>
      shareOf(
        images
          .filter(({ final }) => final === 'duplicate')
          .map(({ path, reason }) => ({ kind: 'image', name: path, detail: reason })),
        images.length,
      ),
    ),
};
