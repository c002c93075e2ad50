import { differingSettings, driftBetween } from '../set-drift.js';
import { type GateRule, whenKnown } from '../rule.js';

export const drift: GateRule = {
  id: 'drift',
  describe: 'change against the baseline: angles, decisions or noise rate, whichever changed most',
  bounds: ['max'],
  unit: 'share',
  measure: ({ profile, baseline }) =>
    whenKnown(baseline, ({ profile: before }) =>
      whenKnown(profile, (now) => {
        const differing = differingSettings(before, now);
        if (differing.length > 0)
          return {
            notRun: `the baseline was made with another ${differing.join(', ')}: write it anew with --write-baseline`,
          };
        const { drift: actual, angles, decisions, noiseRate, byChance } = driftBetween(before, now);
        const parts = [`angles ${angles.toFixed(3)}`, `decisions ${decisions.toFixed(3)}`];
        return {
          actual,
          detail: `${parts.join(', ')}, noise rate ${noiseRate.toFixed(3)}; chance alone moves angles by up to ${byChance.toFixed(3)}`,
        };
      }),
    ),
};
