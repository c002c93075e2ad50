import { type GateRule, whenKnown } from '../rule.js';

export const indexRecall: GateRule = {
  id: 'index-recall',
  describe: 'recall@10 of the neighbour index, of images of the same identity',
  bounds: ['min'],
  unit: 'share',
  measure: ({ indexRecall: recall }) => whenKnown(recall, (actual) => ({ actual })),
};
