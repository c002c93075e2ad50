import * as tf from '#tfjs';
import { z } from 'zod';
import { radiansOf } from '../core/angles.js';
import { angleOf } from './loss-ops.js';

/** Settings of the losses whose images may be relabelled while training. */
export const relabelling = {
  relabelAfter: z.number().min(0).max(1).default(1), // share of training; from scratch, centres mean nothing before
  relabelDegrees: z.number().min(0).max(180).default(28.6), // BoundaryFace's margin, 0.5 rad (methods 11, H)
};

export interface Relabelling {
  /** Share of training after which images are relabelled. */
  after: number;
  degrees: number;
}

/** How settings say that images are relabelled; undefined when they never are. */
export const relabellingOf = (settings: { relabelAfter: number; relabelDegrees: number }): Relabelling | undefined =>
  settings.relabelAfter < 1 ? { after: settings.relabelAfter, degrees: settings.relabelDegrees } : undefined;

/**
 * BoundaryFace (Wu & Tao 2022, eq. 4): an image that another class's centre is nearer to than its own, by more than
 * `degrees`, counts as that class's in this step. Its label as it was given stays what it is.
 * @param cosine (B, C) @param target (B, C) one-hot @param active scalar, 0 or 1 @returns (B, C) one-hot, no gradient
 */
export function relabelled(cosine: tf.Tensor2D, target: tf.Tensor2D, degrees: number, active: tf.Scalar): tf.Tensor2D {
  return tf.customGrad((input) => {
    const c = input as tf.Tensor2D;
    const others = c.sub<tf.Tensor2D>(target.mul(4)); // a cosine less 4 is below any other
    const nearest = tf.oneHot(tf.argMax(others, 1) as tf.Tensor1D, c.shape[1]).cast<tf.Tensor2D>('float32'); // (B, C)
    const own = angleOf(c.mul(target).sum(1, true)); // (B, 1)
    const rival = angleOf(others.max(1, true)); // (B, 1)
    const moves = tf.step(own.sub(rival).sub(radiansOf(degrees))).mul(active); // (B, 1)
    return {
      value: target.mul(tf.sub(1, moves)).add(nearest.mul(moves)),
      gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
    };
  })(cosine) as tf.Tensor2D;
}
