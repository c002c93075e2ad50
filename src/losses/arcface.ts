import { z } from 'zod';
import * as tf from '#tfjs';
import { radiansOf } from '../core/angles.js';
import { addAngularMargin, angleOf, monotoneCosine, crossEntropy, withMargin } from './loss-ops.js';
import type { Loss } from './loss.js';
import { relabelling, relabellingOf } from './relabelling.js';

const settings = z.strictObject({
  scale: z.number().positive().default(24), // 64 suits 10^5 classes; with hundreds it saturates the softmax and gradients of easy images vanish
  marginDegrees: z.number().min(0).max(90).default(17.2), // 0.3 rad: the paper's 28.6 does not converge from scratch on some ten images an identity
  angleFactor: z.number().min(0.5).max(4).default(1), // m1 of the combined margin; SphereFace's own is 1.35
  cosineMargin: z.number().min(0).max(1).default(0), // m3 of the combined margin; CosFace's own is 0.35
  preset: z.enum(['combined']).optional(), // m1, m2, m3 = 1, 0.3, 0.2, the combination that insightface ships
  ...relabelling,
});

const COMBINED = { angleFactor: 1, marginDegrees: 17.2, cosineMargin: 0.2 };

/**
 * ArcFace (Deng et al. 2019, eq. 3; eq. 4 the combined margin): cross-entropy of s*(cos(m1*theta_y + m2) - m3)
 * against s*cos(theta_j).
 */
export const arcface: Loss<typeof settings> = {
  name: 'arcface',
  reference: 'Deng et al. 2019, eq. 3 and 4; sub-centres Deng et al. 2020, eq. 2',
  cost: 'the plain softmax',
  settings,
  make(given) {
    const { scale, marginDegrees, angleFactor, cosineMargin } = { ...given, ...(given.preset && COMBINED) };
    const margin = radiansOf(marginDegrees);
    return {
      relabel: relabellingOf(given),
      schedule: ({ marginShare }) => ({
        margin: margin * marginShare,
        ...(angleFactor !== 1 && { angleFactor: 1 + (angleFactor - 1) * marginShare }),
        ...(cosineMargin !== 0 && { cosineMargin: cosineMargin * marginShare }),
      }),
      compute({ cosine, target, scalars }) {
        const turned = (own: tf.Tensor): tf.Tensor =>
          angleFactor === 1
            ? addAngularMargin(own, scalars.margin)
            : monotoneCosine(
                angleOf(own).mul(scalars.angleFactor).add(scalars.margin),
                Math.max(1, angleFactor) * Math.PI + margin,
              );
        const lowered = (own: tf.Tensor): tf.Tensor =>
          cosineMargin === 0 ? turned(own) : turned(own).sub(scalars.cosineMargin);
        return { loss: crossEntropy(withMargin(cosine, target, lowered).mul(scale), target) };
      },
    };
  },
};
