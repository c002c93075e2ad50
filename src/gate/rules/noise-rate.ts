import { saysNoise } from '../../core/records.js';
import { type GateRule, offendingImage, whenKnown } from '../rule.js';

export const noiseRate: GateRule = {
  id: 'noise-rate',
  describe: 'estimated share of images that are noise',
  bounds: ['max'],
  unit: 'share',
  measure: ({ noiseRate: rate, decided }) =>
    whenKnown(decided, ({ images }) =>
      whenKnown(rate, (actual) => ({
        actual,
        offenders: images
          .filter(({ final }) => saysNoise(final))
          .sort((a, b) => (b.pNoise ?? 1) - (a.pNoise ?? 1))
          .map(offendingImage),
      })),
    ),
};
