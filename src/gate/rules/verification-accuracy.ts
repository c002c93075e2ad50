import { type GateRule, whenKnown } from '../rule.js';

export const verificationAccuracy: GateRule = {
  id: 'verification-accuracy',
  describe: 'share of pairs that the network gets right',
  bounds: ['min'],
  unit: 'share',
  measure: ({ verification }) => whenKnown(verification, ({ accuracy, of }) => ({ actual: accuracy, detail: of })),
};
