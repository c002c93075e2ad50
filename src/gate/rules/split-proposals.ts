import { type GateRule, whenKnown } from '../rule.js';

export const splitProposals: GateRule = {
  id: 'split-proposals',
  describe: 'identities that seem to be several people',
  bounds: ['min', 'max'],
  unit: 'count',
  measure: ({ proposals }, { max = Infinity }) =>
    whenKnown(proposals, ({ splits }) => ({
      actual: splits.length,
      offenders: (splits.length > max ? splits : []).map(({ identity, groups, confidence }) => ({
        kind: 'identity',
        name: identity,
        detail: `seems to be ${groups.length} people, confidence ${confidence.toFixed(2)}`,
      })),
    })),
};
