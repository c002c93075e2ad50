import * as tf from '#tfjs';
import type { LayerMaker, Pass } from '../layer.js';
import type { ParameterSpecs } from '../parameters.js';
import { channelSum, scaleShift } from './scale-shift.js';

/** Variance floor of batch normalisation (Ioffe & Szegedy 2015, algorithm 1). */
export const VARIANCE_FLOOR = 1e-5;
/** Share of the old running statistics kept a step. */
const RUNNING_SHARE = 0.9;

const batchNormSpecs = (name: string, channels: number, shifts: boolean): ParameterSpecs => ({
  [`${name}.scale`]: { shape: [channels], init: 'ones', trainable: true, decay: false },
  [`${name}.shift`]: { shape: [channels], init: 'zeros', trainable: shifts, decay: false },
  [`${name}.mean`]: { shape: [channels], init: 'zeros', trainable: false, decay: false },
  [`${name}.variance`]: { shape: [channels], init: 'ones', trainable: false, decay: false },
});

/**
 * Batch normalisation a channel: batch statistics when training, running ones otherwise. @param shifts false keeps the
 * mean at zero
 */
export const batchNorm =
  (name: string, { shifts = true } = {}): LayerMaker =>
  (input) => ({
    parameters: batchNormSpecs(name, input.channels, shifts),
    multiplies: 0,
    output: input,
    forward: (x, pass) => (pass.training ? normaliseBatch(x, name, pass) : normaliseRunning(x, name, pass)),
  });

/**
 * With the statistics of the batch over (N, H, W). Forward: two sums, then one scale-and-shift. Backward:
 * dx = dy*A + x*B + C with A, B, C a channel, from the sums of dy and dy*x.
 */
function normaliseBatch(x: tf.Tensor4D, name: string, { weights, statistics }: Pass): tf.Tensor4D {
  const count = x.shape[0] * x.shape[1] * x.shape[2];
  let batchMean!: tf.Tensor1D;
  let batchVariance!: tf.Tensor1D;

  const normalise = tf.customGrad((input, scale, shift, save) => {
    const x = input as tf.Tensor4D;
    batchMean = tf.keep(channelSum(x).div(count)); // (C)
    const meanOfSquares = channelSum(x.square()).div<tf.Tensor1D>(count);
    batchVariance = tf.keep(tf.maximum(meanOfSquares.sub(batchMean.square()), 0)); // (C)
    const inverse = batchVariance.add(VARIANCE_FLOOR).rsqrt() as tf.Tensor1D;
    const a = (scale as tf.Tensor).mul<tf.Tensor1D>(inverse);
    const b = (shift as tf.Tensor).sub<tf.Tensor1D>(batchMean.mul(a));
    (save as tf.GradSaveFunc)([x, a, inverse, batchMean]);

    const gradFunc = (dy: tf.Tensor4D, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, a, inverse, mean] = saved as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
      const shiftGradient = channelSum(dy);
      const scaleGradient = channelSum(dy.mul(x)).sub(mean.mul(shiftGradient)).mul<tf.Tensor1D>(inverse);
      const slope = a.mul(inverse).mul(scaleGradient).div<tf.Tensor1D>(-count);
      const offset = a.mul(shiftGradient).div(-count).sub<tf.Tensor1D>(slope.mul(mean));
      return [scaleShift(dy, a).add(scaleShift(x, slope, offset)), scaleGradient, shiftGradient];
    };
    return { value: scaleShift(x, a, b), gradFunc: gradFunc as never };
  });

  const value = normalise(x, weights[`${name}.scale`], weights[`${name}.shift`]) as tf.Tensor4D;
  statistics[`${name}.mean`] = running(weights[`${name}.mean`], batchMean);
  statistics[`${name}.variance`] = running(weights[`${name}.variance`], batchVariance);
  return value;
}

const running = (old: tf.Tensor, batch: tf.Tensor): tf.Tensor =>
  tf.keep(old.mul(RUNNING_SHARE).add(batch.mul(1 - RUNNING_SHARE)));

/** With the running statistics, as one scale-and-shift. */
function normaliseRunning(x: tf.Tensor4D, name: string, { weights }: Pass): tf.Tensor4D {
  const [mean, variance, shift, scale] = ['mean', 'variance', 'shift', 'scale'].map(
    (part) => weights[`${name}.${part}`] as tf.Tensor1D,
  );
  return tf.batchNorm(x, mean, variance, shift, scale, VARIANCE_FLOOR);
}
