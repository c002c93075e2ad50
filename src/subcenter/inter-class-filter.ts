import * as tf from '#tfjs';

/**
 * Other classes' cosines above `limit` set to 0: another folder that looks this much alike is likely the same person
 * under a second name, and pushing it away would teach the wrong thing (Partial FC's filter, An et al. 2022, sec. 3.3).
 * @param cosine (B, C) @param limit 0 filters nothing
 */
export function filterConflicts(cosine: tf.Tensor2D, labels: tf.Tensor1D, limit: number): tf.Tensor2D {
  if (limit === 0) return cosine;
  const others = tf.sub(1, tf.oneHot(labels, cosine.shape[1]).cast('float32')); // (B, C)
  const conflicts = tf.step(cosine.sub(limit)).mul(others);
  return cosine.mul(tf.sub(1, conflicts));
}
