import { type GateRule, whenKnown } from '../rule.js';

export const mergeProposals: GateRule = {
  id: 'merge-proposals',
  describe: 'pairs of identities that seem to be one person',
  bounds: ['min', 'max'],
  unit: 'count',
  measure: ({ proposals }, { max = Infinity }) =>
    whenKnown(proposals, ({ merges }) => ({
      actual: merges.length,
      offenders: (merges.length > max ? merges : []).map(({ a, b, confidence }) => ({
        kind: 'identity',
        name: b,
        detail: `seems to be ${a}, confidence ${confidence.toFixed(2)}`,
      })),
    })),
};
