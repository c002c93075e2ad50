import type * as tf from '#tfjs';

/** Length of each row, (N, D) -> (N, 1); of a row of zeros it has a gradient too. */
export const lengthsOf = (rows: tf.Tensor2D): tf.Tensor2D =>
  rows.square().sum(1, true).add(1e-12).sqrt() as tf.Tensor2D;
