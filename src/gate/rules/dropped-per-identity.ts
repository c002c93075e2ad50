import type { IdentityCounts } from '../metrics.js';
import { type GateRule, whenKnown } from '../rule.js';

/** Images that are nothing but copies of others do not count on either side: leaving them out loses nothing. */
const lostShare = ({ found, copies, dropped, relabelled }: IdentityCounts): number =>
  found === copies ? 0 : (dropped + relabelled) / (found - copies);

export const droppedPerIdentity: GateRule = {
  id: 'dropped-per-identity',
  describe: 'largest share of its images that an identity lost, copies aside',
  bounds: ['max'],
  unit: 'share',
  measure: ({ decided }, { max = 1 }) =>
    whenKnown(decided, ({ identities }) => {
      const mostFirst = [...identities].sort((a, b) => lostShare(b) - lostShare(a) || b.found - a.found);
      return {
        actual: lostShare(mostFirst[0]),
        detail: mostFirst[0].identity,
        offenders: mostFirst
          .filter((counts) => lostShare(counts) > max)
          .map(({ identity, found, copies, dropped, relabelled }) => ({
            kind: 'identity',
            name: identity,
            detail: `lost ${dropped + relabelled} of ${found - copies} images: ${dropped} dropped, ${relabelled} relabelled`,
          })),
      };
    }),
};
