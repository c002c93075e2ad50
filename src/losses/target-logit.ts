import * as tf from '#tfjs';
import { detached } from './detached.js';

/** Each row's entry at its target, (B, C) -> (B, 1). */
export const atTarget = (values: tf.Tensor, target: tf.Tensor): tf.Tensor2D => values.mul(target).sum(1, true);

/**
 * `cosine` (B, C) with `value` of it at the target; what the margin takes off is detached.
 * @param value of cosines (B, 1)
 */
export function withMargin(
  cosine: tf.Tensor2D,
  target: tf.Tensor2D,
  value: (own: tf.Tensor2D) => tf.Tensor,
): tf.Tensor2D {
  const shift = detached(atTarget(cosine, target), (own) => value(own).sub(own)); // (B, 1)
  return cosine.add(target.mul(shift));
}

/** Mean of -log softmax(logits) at the target, (B, C) -> scalar. */
export const crossEntropy = (logits: tf.Tensor2D, target: tf.Tensor2D): tf.Scalar =>
  tf.logSoftmax(logits).mul(target).sum(1).mean().neg() as tf.Scalar;
