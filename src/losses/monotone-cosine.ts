import * as tf from '#tfjs';

/** Angle of a cosine, radians; rounding may have left it a little outside [-1, 1]. */
export const angleOf = (cosine: tf.Tensor): tf.Tensor => tf.acos(tf.clipByValue(cosine, -1, 1));

/**
 * (-1)^k cos(angle) - 2k with k = floor(angle / pi): falls over its whole range, however often the angle goes round
 * (SphereFace, Liu et al. 2017, eq. 6).
 * @param most the largest angle there can be, radians
 */
export function monotoneCosine(angle: tf.Tensor, most: number): tf.Tensor {
  let sign: tf.Tensor = tf.onesLike(angle);
  let rounds: tf.Tensor = tf.zerosLike(angle); // k
  for (let half = 1; half * Math.PI < most; half++) {
    const passed = tf.step(angle.sub(half * Math.PI));
    sign = sign.mul(tf.sub(1, passed.mul(2)));
    rounds = rounds.add(passed);
  }
  return sign.mul(angle.cos()).sub(rounds.mul(2));
}
