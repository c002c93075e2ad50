import { type GateRule, images, whenKnown } from '../rule.js';

export const imagesPerIdentity: GateRule = {
  id: 'images-per-identity',
  describe: 'images left of the smallest identity',
  bounds: ['min'],
  unit: 'count',
  measure: ({ decided }, { min = 0 }) =>
    whenKnown(decided, ({ identities }) => {
      const smallestFirst = [...identities].sort((a, b) => a.left - b.left);
      return {
        actual: smallestFirst[0].left,
        detail: smallestFirst[0].identity,
        offenders: smallestFirst
          .filter(({ left }) => left < min)
          .map(({ identity, left, found }) => ({
            kind: 'identity',
            name: identity,
            detail: `${images(left)} left of ${found}`,
          })),
      };
    }),
};
