import * as tf from '#tfjs';

/**
 * Other classes' cosines above `limit` set to 0: another folder that looks this much alike is likely the same person
 * under a second name, and pushing it away would teach the wrong thing (Partial FC's filter, An et al. 2022, sec. 3.3).
 * @param cosine (B, C) @param target (B, C) one-hot @param limit 0 filters nothing
 */
export function filterConflicts(cosine: tf.Tensor2D, target: tf.Tensor2D, limit: number): tf.Tensor2D {
  if (limit === 0) return cosine;
  const conflicts = tf.step(cosine.sub(limit)).mul(tf.sub(1, target));
  return cosine.mul(tf.sub(1, conflicts));
}
