import type * as tf from '#tfjs';

export interface LossInputs {
  cosine: tf.Tensor2D; // (B, C), each class's nearest sub-centre
  labels: tf.Tensor1D; // (B) int32
  /** Margin in radians, a scalar that grows during warm-up. */
  margin: tf.Scalar;
  /** s, the logits' scale. */
  scale: number;
}

export interface LossResult {
  loss: tf.Scalar;
  ownCosine: tf.Tensor1D; // (B), to the own class, without margin
  rivalCosine: tf.Tensor1D; // (B), to the best other class
}

/** A classification loss on cosines. A new one is one file and one line in losses.ts. */
export interface Loss {
  name: string;
  reference: string;
  compute(inputs: LossInputs): LossResult;
}
