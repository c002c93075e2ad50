import * as tf from '#tfjs';

/** x * scale + shift a channel, (N, H, W, C) with (C): one pass over x. Absent, scale is 1 and shift 0. No gradient. */
export function scaleShift(x: tf.Tensor4D, scale?: tf.Tensor, shift?: tf.Tensor): tf.Tensor4D {
  const channels = x.shape[3];
  const [zeros, ones] = [tf.zeros<tf.Rank.R1>([channels]), tf.ones<tf.Rank.R1>([channels])];
  return tf.batchNorm(x, zeros, ones, (shift ?? zeros) as tf.Tensor1D, (scale ?? ones) as tf.Tensor1D, 0);
}

/** Sum over all positions, (N, H, W, C) -> (C). */
export const channelSum = (x: tf.Tensor): tf.Tensor1D => x.sum<tf.Tensor1D>([0, 1, 2]);
