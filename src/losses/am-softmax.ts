import { z } from 'zod';
import { lengthsOf, crossEntropy, withMargin } from './loss-ops.js';
import type { Loss } from './loss.js';
import { relabelling, relabellingOf } from './relabelling.js';

const settings = z.strictObject({
  scale: z.number().positive().default(30), // fixed by the authors
  margin: z.number().min(0).max(2).default(0.35), // the authors' own
  normaliseFeatures: z.boolean().default(true), // the authors ship both; images of low quality, with short features, gain by it
  ...relabelling,
});

/**
 * AM-Softmax (Wang et al. 2018, eq. 6): CosFace's target, s*(cos(theta_y) - m), with s fixed; without feature
 * normalisation the embedding's length stands in for s.
 */
export const amSoftmax: Loss<typeof settings> = {
  name: 'am-softmax',
  reference: 'Wang et al. 2018 (AM-Softmax), eq. 6',
  cost: 'the plain softmax',
  settings,
  make(given) {
    const { scale, margin, normaliseFeatures } = given;
    return {
      relabel: relabellingOf(given),
      schedule: ({ marginShare }) => ({ margin: margin * marginShare }),
      compute({ cosine, embedding, target, scalars }) {
        const lowered = withMargin(cosine, target, (own) => own.sub(scalars.margin)); // (B, C)
        const logits = normaliseFeatures ? lowered.mul(scale) : lowered.mul(lengthsOf(embedding));
        return { loss: crossEntropy(logits as typeof cosine, target) };
      },
    };
  },
};
