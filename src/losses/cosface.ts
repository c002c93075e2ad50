import { z } from 'zod';
import { ConfigError } from '../core/errors.js';
import type { Loss, LossShape } from './loss.js';
import { relabelling, relabellingOf } from './relabelling.js';
import { crossEntropy, withMargin } from './loss-ops.js';

const settings = z.strictObject({
  scale: z.number().positive().default(24), // as arcface's: 64 is for 10^5 classes
  margin: z.number().min(0).default(0.2), // a cosine; of the paper's 0.35 about as much as arcface's default is of its own
  centreProbability: z.number().gt(0).lt(1).default(0.9), // what the softmax must be able to reach at the class centre: the bound on s
  ...relabelling,
});

/**
 * CosFace, the large margin cosine loss (Wang et al. 2018, eq. 4): cross-entropy of s*(cos(theta_y) - m) against
 * s*cos(theta_j). No angle is ever taken: the steadiest of the margins.
 */
export const cosface: Loss<typeof settings> = {
  name: 'cosface',
  reference: 'Wang et al. 2018 (CosFace), eq. 4; bounds eq. 6 and 8',
  cost: 'the plain softmax',
  settings,
  make(given) {
    const { scale, margin } = given;
    return {
      relabel: relabellingOf(given),
      check: (shape) => checkBounds(given, shape),
      schedule: ({ marginShare }) => ({ margin: margin * marginShare }),
      compute: ({ cosine, target, scalars }) => ({
        loss: crossEntropy(withMargin(cosine, target, (own) => own.sub(scalars.margin)).mul(scale), target),
      }),
    };
  },
};

/** Least s at which the softmax of C classes reaches probability P at a class's own centre (eq. 6). */
const leastScale = (classes: number, probability: number): number =>
  ((classes - 1) / classes) * Math.log(((classes - 1) * probability) / (1 - probability));

/** Largest m that any arrangement of C centres in D dimensions can satisfy (eq. 8). */
const largestMargin = (classes: number, dimensions: number): number =>
  dimensions === 2 ? 1 - Math.cos((2 * Math.PI) / classes) : classes / (classes - 1);

function checkBounds(
  { scale, margin, centreProbability: probability }: z.infer<typeof settings>,
  { classes, dimensions }: LossShape,
): void {
  const least = leastScale(classes, probability);
  if (scale < least)
    throw new ConfigError(
      `cosface: at scale ${scale} the softmax of ${classes} identities cannot reach a probability of ${probability}, ` +
        `however near an image is to its centre; it takes at least ${least.toFixed(1)}.`,
      [`Set lossSettings.scale to ${Math.ceil(least)} or more; 24 to 64 is usual.`],
    );
  const most = largestMargin(classes, dimensions);
  if (margin > most)
    throw new ConfigError(
      `cosface: no arrangement of ${classes} centres in ${dimensions} dimensions keeps a margin of ${margin}; ` +
        `${most.toFixed(3)} is the most there can be.`,
      ['Set lossSettings.margin lower; 0.2 to 0.4 is usual.'],
    );
}
