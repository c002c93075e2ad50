import * as tf from '#tfjs';

/**
 * `value(x)` on the way forward, nothing on the way back. Margins are detached: d(logit)/d(cosine) = s, never
 * sin(theta + m)/sin(theta), which is 0/0 at a cosine of 1 (methods 1.1).
 */
export function detached<T extends tf.Tensor>(x: T, value: (x: T) => T = (x) => x.clone()): T {
  return tf.customGrad((input) => ({
    value: value(input as T),
    gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
  }))(x) as T;
}
