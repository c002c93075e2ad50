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

/** Length of each row, (N, D) -> (N, 1); of a row of zeros it has a gradient too. */
export const lengthsOf = (rows: tf.Tensor2D): tf.Tensor2D =>
  rows.square().sum(1, true).add(1e-12).sqrt() as tf.Tensor2D;

/**
 * cos(theta + m) of each cosine, m radians. Past theta = pi - m, where cos(theta + m) would rise again, the straight
 * line c - m sin m keeps the target monotone.
 * @param margin a scalar, or (B, 1)
 */
export function addAngularMargin(cosine: tf.Tensor, margin: tf.Tensor): tf.Tensor {
  const sine = tf.sqrt(tf.maximum(tf.sub(1, cosine.square()), 0));
  const turned = cosine.mul(margin.cos()).sub(sine.mul(margin.sin()));
  const line = cosine.sub(margin.mul(margin.sin()));
  const monotone = tf.step(cosine.add(margin.cos()));
  return turned.mul(monotone).add(line.mul(tf.sub(1, monotone)));
}

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
