import { z } from 'zod';
import type * as tf from '#tfjs';
import { annealing, lambdaAt } from './annealing.js';
import { lengthsOf, angleOf, monotoneCosine, crossEntropy, withMargin } from './loss-ops.js';
import type { Loss } from './loss.js';
import { relabelling, relabellingOf } from './relabelling.js';

const settings = z.strictObject({
  margin: z.number().int().min(1).max(4).default(4), // the paper's on LFW
  ...annealing, // the paper's own (growth 2.5e-5, power 35) takes 10^5 steps to let any margin in
  ...relabelling,
});

/**
 * L-Softmax (Liu et al. 2016, eq. 4 and 7): the target is ||W_y|| ||x|| psi(theta_y), the others ||W_j|| ||x||
 * cos(theta_j); neither side is normalised, there is no bias.
 */
export const lSoftmax: Loss<typeof settings> = {
  name: 'l-softmax',
  reference: 'Liu et al. 2016 (L-Softmax), eq. 4, 5 and 7',
  cost: 'the plain softmax and the lengths of the centres',
  settings,
  noSubcenters:
    'its centres have lengths, and the longest of a class would win, not the nearest; a-softmax has the same margin and sub-centres',
  make: (given) => ({
    relabel: relabellingOf(given),
    schedule: ({ step }) => ({ lambda: lambdaAt(step, given) }),
    compute({ cosine, embedding, centres, target, scalars: { lambda } }) {
      const psi = (own: tf.Tensor): tf.Tensor => monotoneCosine(angleOf(own).mul(given.margin), given.margin * Math.PI);
      const annealed = (own: tf.Tensor): tf.Tensor => own.mul(lambda).add(psi(own)).div(lambda.add(1));
      const centreLengths = lengthsOf(centres).reshape([1, -1]); // (1, C)
      const logits = withMargin(cosine, target, annealed).mul(lengthsOf(embedding)).mul<tf.Tensor2D>(centreLengths);
      return { loss: crossEntropy(logits, target) };
    },
  }),
};
