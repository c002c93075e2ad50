import * as tf from '#tfjs';
import type { ParameterSpecs } from './parameters.js';

/** Variance floor of batch normalisation (Ioffe & Szegedy 2015, algorithm 1). */
const VARIANCE_FLOOR = 1e-5;
/** Share of the old running statistics kept a step. */
const RUNNING_SHARE = 0.9;

export const batchNormSpecs = (name: string, channels: number): ParameterSpecs => ({
  [`${name}.scale`]: { shape: [channels], init: 'ones', trainable: true, decay: false },
  [`${name}.shift`]: { shape: [channels], init: 'zeros', trainable: true, decay: false },
  [`${name}.mean`]: { shape: [channels], init: 'zeros', trainable: false, decay: false },
  [`${name}.variance`]: { shape: [channels], init: 'ones', trainable: false, decay: false },
});

/** x * scale + shift a channel, (N, H, W, C) with (C): one pass over x. */
function scaleShift(x: tf.Tensor4D, scale: tf.Tensor1D, shift: tf.Tensor1D): tf.Tensor4D {
  const channels = x.shape[3];
  return tf.batchNorm(x, tf.zeros<tf.Rank.R1>([channels]), tf.ones<tf.Rank.R1>([channels]), shift, scale, 0);
}

export interface BatchNormResult {
  value: tf.Tensor4D;
  /** Next running statistics, by state name. */
  statistics: Record<string, tf.Tensor>;
}

/**
 * Batch normalisation over (N, H, W) with batch statistics. Forward: two sums, then one scale-and-shift. Backward:
 * dx = dy*A + x*B + C with A, B, C a channel, from the sums of dy and dy*x.
 */
export function batchNormTraining(x: tf.Tensor4D, name: string, weights: Record<string, tf.Tensor>): BatchNormResult {
  const count = x.shape[0] * x.shape[1] * x.shape[2];
  const axes = [0, 1, 2];
  let batchMean!: tf.Tensor1D;
  let batchVariance!: tf.Tensor1D;

  const normalise = tf.customGrad((input, scale, shift, save) => {
    const x = input as tf.Tensor4D;
    batchMean = tf.keep(x.sum<tf.Tensor1D>(axes).div(count)); // (C)
    const meanOfSquares = x.square().sum<tf.Tensor1D>(axes).div<tf.Tensor1D>(count);
    batchVariance = tf.keep(tf.maximum(meanOfSquares.sub(batchMean.square()), 0)); // (C)
    const inverse = batchVariance.add(VARIANCE_FLOOR).rsqrt() as tf.Tensor1D;
    const a = (scale as tf.Tensor).mul<tf.Tensor1D>(inverse);
    const b = (shift as tf.Tensor).sub<tf.Tensor1D>(batchMean.mul(a));
    (save as tf.GradSaveFunc)([x, a, inverse, batchMean]);

    const gradFunc = (dy: tf.Tensor4D, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, a, inverse, mean] = saved as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
      const shiftGradient = dy.sum<tf.Tensor1D>(axes);
      const scaleGradient = dy.mul(x).sum(axes).sub(mean.mul(shiftGradient)).mul<tf.Tensor1D>(inverse);
      const slope = a.mul(inverse).mul(scaleGradient).div<tf.Tensor1D>(-count);
      const offset = a.mul(shiftGradient).div(-count).sub<tf.Tensor1D>(slope.mul(mean));
      return [scaleShift(x, slope, offset).add(dy.mul(a)), scaleGradient, shiftGradient];
    };
    return { value: scaleShift(x, a, b), gradFunc: gradFunc as never };
  });

  const value = normalise(x, weights[`${name}.scale`], weights[`${name}.shift`]) as tf.Tensor4D;
  return {
    value,
    statistics: {
      [`${name}.mean`]: running(weights[`${name}.mean`], batchMean),
      [`${name}.variance`]: running(weights[`${name}.variance`], batchVariance),
    },
  };
}

const running = (old: tf.Tensor, batch: tf.Tensor): tf.Tensor =>
  tf.keep(old.mul(RUNNING_SHARE).add(batch.mul(1 - RUNNING_SHARE)));

/** Batch normalisation with the running statistics, as one scale-and-shift. */
export function batchNormInference(x: tf.Tensor4D, name: string, weights: Record<string, tf.Tensor>): tf.Tensor4D {
  return tf.batchNorm(
    x,
    weights[`${name}.mean`] as tf.Tensor1D,
    weights[`${name}.variance`] as tf.Tensor1D,
    weights[`${name}.shift`] as tf.Tensor1D,
    weights[`${name}.scale`] as tf.Tensor1D,
    VARIANCE_FLOOR,
  );
}
