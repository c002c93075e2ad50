import { z } from 'zod';
import * as tf from '#tfjs';
import { radiansOf } from '../core/angles.js';
import { ConfigError } from '../core/errors.js';
import { addAngularMargin, detached, lengthsOf, atTarget, crossEntropy } from './loss-ops.js';
import type { Loss } from './loss.js';
import { relabelling, relabellingOf } from './relabelling.js';

const settings = z.strictObject({
  scale: z.number().positive().default(24), // as arcface's: 64 is for 10^5 classes
  lowestLength: z.number().positive().default(0.44), // the paper's 10 at D = 512: here in units of sqrt(D), the length a batch norm leaves
  highestLength: z.number().positive().default(4.86), // the paper's 110 at D = 512
  lowestDegrees: z.number().min(0).max(90).default(15.5), // of the paper's 0.45 rad as much as arcface's default is of its own
  highestDegrees: z.number().min(0).max(90).default(27.5), // of the paper's 0.8 rad likewise
  lengthWeight: z.number().min(0).default(20), // lambda_g: trainer.py's and FaceX-Zoo's; the released script has 35
  ...relabelling,
});

/**
 * MagFace (Meng et al. 2021, eq. 3 and 4): ArcFace's margin grows with the embedding's length a, and g(a) = 1/a + a/u^2
 * rewards length: easy images become long, poor ones stay short, so that length tells quality. Lengths are clamped to
 * [l, u] for both. The margin is detached from the cosine, not from the length.
 */
export const magface: Loss<typeof settings> = {
  name: 'magface',
  reference: 'Meng et al. 2021 (MagFace), eq. 3 and 4',
  cost: 'the plain softmax and the lengths of the embeddings',
  settings,
  make(given) {
    const { scale, lowestLength, highestLength, lowestDegrees, highestDegrees, lengthWeight } = given;
    const [lowest, highest] = [radiansOf(lowestDegrees), radiansOf(highestDegrees)];
    return {
      relabel: relabellingOf(given),
      check() {
        if (lowestLength >= highestLength || lowest > highest)
          throw new ConfigError(
            'magface: lowestLength must be below highestLength, lowestDegrees not above highestDegrees.',
          );
      },
      schedule: ({ marginShare }) => ({ marginShare }),
      compute({ cosine, embedding, target, scalars: { marginShare } }) {
        const unit = Math.sqrt(embedding.shape[1]);
        const [shortest, longest] = [lowestLength * unit, highestLength * unit];
        const length = tf.clipByValue(lengthsOf(embedding), shortest, longest); // (B, 1)
        const share = length.sub(shortest).div(longest - shortest);
        const margin = share
          .mul(highest - lowest)
          .add(lowest)
          .mul(marginShare); // (B, 1)
        const own = detached(atTarget(cosine, target)); // (B, 1)
        const shift = addAngularMargin(own, margin).sub(own); // (B, 1)
        const logits = cosine.add(target.mul(shift)).mul<tf.Tensor2D>(scale);
        const reward = tf
          .reciprocal(length)
          .add(length.div(longest ** 2))
          .mean()
          .mul(lengthWeight);
        return { loss: crossEntropy(logits, target).add(reward) };
      },
    };
  },
};
