import { z } from 'zod';
import type * as tf from '#tfjs';
import { annealing, lambdaAt } from './annealing.js';
import { lengthsOf, angleOf, monotoneCosine, crossEntropy, withMargin } from './loss-ops.js';
import type { Loss, LossTerms } from './loss.js';
import { relabelling, relabellingOf } from './relabelling.js';

const settings = z.strictObject({
  style: z.enum(['annealed', 'r']).default('annealed'), // r: SphereFace-R, features normalised, real-valued m, no annealing
  margin: z.number().min(1).max(8).optional(), // 4 annealed (the paper's), 1.7 in style r (opensphere's)
  scale: z.number().positive().default(24), // of style r; opensphere has 30, 64 for 10^5 classes
  ...annealing,
  ...relabelling,
});

const MARGINS = { annealed: 4, r: 1.7 };

/**
 * SphereFace, A-Softmax (Liu et al. 2017, eq. 7): the target is ||x|| psi(theta_y), psi(theta) = (-1)^k cos(m*theta) - 2k,
 * the others ||x|| cos(theta_j), annealed from the plain softmax; or SphereFace-R (Liu et al. 2022, sec. 3.2) with s for ||x||.
 */
export const aSoftmax: Loss<typeof settings> = {
  name: 'a-softmax',
  reference: 'Liu et al. 2017 (SphereFace), eq. 7; Liu et al. 2022 (SphereFace Revived), sec. 3.2',
  cost: 'the plain softmax',
  settings,
  make(given): LossTerms {
    const { style, scale, margin = MARGINS[style] } = given;
    const relabel = relabellingOf(given);
    const psi = (factor: tf.Tensor | number, own: tf.Tensor): tf.Tensor =>
      monotoneCosine(angleOf(own).mul(factor), margin * Math.PI);
    if (style === 'r')
      return {
        relabel,
        schedule: ({ marginShare }) => ({ margin: 1 + (margin - 1) * marginShare }),
        compute: ({ cosine, target, scalars }) => ({
          loss: crossEntropy(withMargin(cosine, target, (own) => psi(scalars.margin, own)).mul(scale), target),
        }),
      };
    return {
      relabel,
      schedule: ({ step }) => ({ lambda: lambdaAt(step, given) }),
      compute({ cosine, embedding, target, scalars: { lambda } }) {
        const annealed = (own: tf.Tensor): tf.Tensor => own.mul(lambda).add(psi(margin, own)).div(lambda.add(1));
        const logits = withMargin(cosine, target, annealed).mul<tf.Tensor2D>(lengthsOf(embedding)); // (B, C)
        return { loss: crossEntropy(logits, target) };
      },
    };
  },
};
