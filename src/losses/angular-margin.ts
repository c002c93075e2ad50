import * as tf from '#tfjs';

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
