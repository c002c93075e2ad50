import { z } from 'zod';
import * as tf from '#tfjs';
import { detached, atTarget } from './loss-ops.js';
import type { Loss } from './loss.js';
import { relabelling, relabellingOf } from './relabelling.js';

const settings = z.strictObject({
  scale: z.number().positive().default(32), // the authors' own
  margin: z.number().min(0).max(1).default(0.16), // the authors' own; on either side, so CosFace's of 0.32
  boundaryShare: z.number().min(0).max(1).default(0.15), // alpha, the authors' own; 0 leaves CosFace
  boundaryRate: z.number().gt(0).max(1).default(0.01), // of the moving average
  lowestBoundary: z.number().min(-1).max(1).default(0.5),
  highestBoundary: z.number().min(-1).max(1).default(0.7),
  ...relabelling,
});

/**
 * GB-CosFace (Zhang et al. 2021, eq. 9 to 12): own cosine c_p and the others' log-sum-exp c_n are each held apart from a
 * boundary p by m. p is the image's own middle v = (c_p + c_n) / 2, drawn towards one global boundary, a moving average of v
 * that is clamped before use and kept with the checkpoint.
 */
export const gbCosface: Loss<typeof settings> = {
  name: 'gb-cosface',
  reference: 'Zhang et al. 2021 (GB-CosFace), eq. 9 to 12',
  cost: 'the plain softmax',
  settings,
  make(given) {
    const { scale, margin, boundaryShare, boundaryRate, lowestBoundary, highestBoundary } = given;
    return {
      relabel: relabellingOf(given),
      state: { boundary: 0 }, // where cosines to fresh centres lie
      schedule: ({ marginShare }) => ({ margin: margin * marginShare }),
      compute({ cosine, target, scalars, state }) {
        const own = atTarget(cosine, target); // (B, 1)
        const others = cosine.mul(scale).sub(target.mul(OUT_OF_SIGHT)); // (B, C)
        const rival = tf.logSumExp(others, 1, true).div<tf.Tensor2D>(scale); // (B, 1)
        const middle = detached(own.add<tf.Tensor2D>(rival).div(2)); // (B, 1)
        const global = tf.clipByValue(state.boundary, lowestBoundary, highestBoundary);
        const boundary = middle.add(global.sub(middle).mul(boundaryShare)); // (B, 1)
        const ownLoss = tf.softplus(
          boundary
            .sub(own)
            .add(scalars.margin)
            .mul(2 * scale),
        );
        const rivalLoss = tf.softplus(
          rival
            .sub(boundary)
            .add(scalars.margin)
            .mul(2 * scale),
        );
        const next = state.boundary.mul(1 - boundaryRate).add<tf.Scalar>(middle.mean().mul(boundaryRate));
        return { loss: ownLoss.add(rivalLoss).div(2).mean(), state: { boundary: next } };
      },
    };
  },
};

/** Taken from a logit, leaves nothing of it in a sum of exponentials. */
const OUT_OF_SIGHT = 1e6;
