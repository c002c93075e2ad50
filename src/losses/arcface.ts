import * as tf from '#tfjs';
import type { Loss } from './loss.js';

/**
 * cos(theta + m) of each cosine, m radians. Past theta = pi - m, where cos(theta + m) would rise again, the straight
 * line c - m sin m keeps the target monotone.
 */
function addAngularMargin(cosine: tf.Tensor, margin: tf.Scalar): tf.Tensor {
  const sine = tf.sqrt(tf.maximum(tf.sub(1, cosine.square()), 0));
  const turned = cosine.mul(margin.cos()).sub(sine.mul(margin.sin()));
  const line = cosine.sub(margin.mul(margin.sin()));
  const monotone = tf.greater(cosine, margin.cos().neg()).cast('float32');
  return turned.mul(monotone).add(line.mul(tf.sub(1, monotone)));
}

/** `value` on the way forward, the gradient of `source` on the way back. */
function straightThrough(source: tf.Tensor, value: (source: tf.Tensor) => tf.Tensor): tf.Tensor {
  return tf.customGrad((x) => ({ value: value(x as tf.Tensor), gradFunc: (dy: tf.Tensor) => dy }))(source);
}

/**
 * ArcFace (Deng et al. 2019, eq. 3): cross-entropy of s*cos(theta_y + m) against s*cos(theta_j). The margin is
 * detached: d(logit)/d(cosine) = s, never sin(theta + m)/sin(theta), which is 0/0 at a cosine of 1.
 */
export const arcface: Loss = {
  name: 'arcface',
  reference: 'Deng et al. 2019, eq. 3; sub-centres Deng et al. 2020',
  compute({ cosine, labels, margin, scale }) {
    const target = tf.oneHot(labels, cosine.shape[1]).cast<tf.Tensor2D>('float32'); // (B, C)
    const others = tf.sub(1, target);
    const withMargin = straightThrough(cosine, (c) => addAngularMargin(c, margin).mul(target).add(c.mul(others)));
    const logProbability = tf.logSoftmax(withMargin.mul(scale)); // (B, C)
    return {
      loss: logProbability.mul(target).sum(1).mean().neg() as tf.Scalar,
      ownCosine: cosine.mul(target).sum(1),
      rivalCosine: cosine.sub(target.mul(4)).max(1), // a cosine less 4 is below any other
    };
  },
};
