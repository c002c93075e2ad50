import { z } from 'zod';
import * as tf from '#tfjs';
import { radiansOf } from '../core/angles.js';
import { addAngularMargin, crossEntropy, withMargin } from './loss-ops.js';
import type { Loss } from './loss.js';

const settings = z.strictObject({
  scale: z.number().positive().default(24), // as arcface's
  marginDegrees: z.number().min(0).max(90).default(0), // with the triplet beside it, the softmax needs none (abstract)
  smoothing: z.number().min(0).lt(1).default(0.1), // eps of the usual re-identification baseline
  imagesPerIdentity: z.number().int().min(2).default(4), // K of P x K, the usual one
  triplet: z.union([z.number().min(0), z.literal('soft')]).default(0.3), // margin of the usual baseline; soft: softplus without one
  tripletWeight: z.number().min(0).default(1),
  attributes: z.string().min(1).optional(), // CSV file: path, and a column an attribute with 1, 0 or nothing
  attributeWeight: z.number().min(0).default(0.1), // the paper's is not known to us; the low end of what is usual
});

/**
 * Joint loss of person re-identification (arXiv 2212.14107; Luo et al. 2019 for its parts): softmax on cosines with label
 * smoothing, after the neck; batch-hard triplet (Hermans et al. 2017, eq. 5) on the embedding before it, not normalised;
 * attributes by cross-entropy, where they are known. Batch-hard mining takes mislabelled images for the hardest
 * positives: use it on cleaned sets.
 */
export const joint: Loss<typeof settings> = {
  name: 'joint',
  reference: 'arXiv 2212.14107; Hermans et al. 2017, eq. 5; Luo et al. 2019 (BNNeck)',
  cost: 'the plain softmax, B x B distances and A attributes',
  settings,
  neck: true,
  make(given) {
    const { scale, marginDegrees, smoothing, imagesPerIdentity, triplet, tripletWeight, attributeWeight } = given;
    return {
      imagesPerIdentity,
      attributesFile: given.attributes,
      schedule: ({ marginShare }) => ({ margin: radiansOf(marginDegrees) * marginShare }),
      weights: ({ dimensions, attributes: { length } }): Record<string, number[]> =>
        length > 0 ? { attributes: [dimensions, length], attributeBias: [length] } : {},
      compute({ cosine, beforeNeck, target, scalars, weights, attributes, attributeShares }) {
        const logits = withMargin(cosine, target, (own) => addAngularMargin(own, scalars.margin)).mul<tf.Tensor2D>(
          scale,
        );
        const smooth = target.mul(1 - smoothing).add<tf.Tensor2D>(smoothing / target.shape[1]);
        const parts = [crossEntropy(logits, smooth), batchHard(beforeNeck, target, triplet).mul(tripletWeight)];
        if (attributes) {
          const said = tf.matMul(beforeNeck, weights.attributes as tf.Tensor2D).add(weights.attributeBias); // (B, A)
          parts.push(attributeLoss(said, attributes, attributeShares).mul(attributeWeight));
        }
        return { loss: parts.reduce((sum, part) => sum.add(part)) as tf.Scalar };
      },
    };
  },
};

/** Keeps an image's own class out of a least distance. */
const FAR = 1e6;

/** Mean over the batch of how much farther the farthest image of the class is than the nearest of another. */
function batchHard(rows: tf.Tensor2D, target: tf.Tensor2D, margin: number | 'soft'): tf.Tensor {
  const same = tf.matMul(target, target, false, true); // (B, B)
  const squares = rows.square().sum(1, true); // (B, 1)
  const products = tf.matMul(rows, rows, false, true); // (B, B)
  const apart = squares.add(squares.reshape([1, -1])).sub(products.mul(2)); // (B, B)
  const distance = tf.sqrt(tf.maximum(apart, 1e-12)); // at 0 a root has no slope
  const excess = distance
    .mul(same)
    .max(1)
    .sub(distance.add(same.mul(FAR)).min(1)); // (B)
  return (margin === 'soft' ? tf.softplus(excess) : tf.relu(excess.add(margin))).mean();
}

/**
 * Mean cross-entropy over what is known; having and lacking an attribute weigh alike. @param said (B, A) logits
 * @param known (B, A) 1, 0, or -1 where it is not @param shares (A)
 */
function attributeLoss(said: tf.Tensor, known: tf.Tensor, shares: readonly number[]): tf.Tensor {
  const counts = tf.step(known.add(0.5)); // (B, A)
  const has = tf.relu(known);
  const rarity = tf.tensor1d(shares.map((share) => (1 - share) / share)); // (A)
  const each = has
    .mul(rarity)
    .mul(tf.softplus(said.neg()))
    .add(tf.sub(1, has).mul(tf.softplus(said)));
  return each.mul(counts).sum().div(tf.maximum(counts.sum(), 1));
}
