import { type GateRule, images, whenKnown } from '../rule.js';

export const identities: GateRule = {
  id: 'identities',
  describe: 'identities with images left',
  bounds: ['min', 'max'],
  unit: 'count',
  measure: ({ decided }, { min }) =>
    whenKnown(decided, ({ identities: all }) => {
      const actual = all.filter(({ left }) => left > 0).length;
      const emptied = all.filter(({ left }) => left === 0);
      const named = min !== undefined && actual < min ? emptied : [];
      return {
        actual,
        offenders: named.map(({ identity, found }) => ({
          kind: 'identity',
          name: identity,
          detail: `nothing left of ${images(found)}`,
        })),
      };
    }),
};
