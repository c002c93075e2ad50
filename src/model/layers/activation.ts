import * as tf from '#tfjs';
import { elementwiseLayer, type LayerMaker } from '../layer.js';
import { channelSum, scaleShift } from './scale-shift.js';

/** max(x, 0). TensorFlow.js's own gradient keeps x; this one keeps the result, and x need never be written. */
export const relu = (): LayerMaker =>
  elementwiseLayer((x) => {
    const operation = tf.customGrad((input, save) => {
      const value = tf.relu(input as tf.Tensor);
      (save as tf.GradSaveFunc)([value]);
      return { value, gradFunc: (dy: tf.Tensor, [kept]: tf.Tensor[]) => dy.mul(tf.step(kept)) };
    });
    return operation(x) as tf.Tensor4D;
  });

/** Slope of PReLU's negative side before training (He et al. 2015, sec. 2.1). */
const SLOPE = 0.25;

/** PReLU with a slope a channel (He et al. 2015, eq. 1): max(x, 0) + slope * min(x, 0). */
export const prelu =
  (name: string): LayerMaker =>
  (input) => ({
    parameters: { [name]: { shape: [input.channels], init: { constant: SLOPE }, trainable: true, decay: false } },
    multiplies: 0,
    output: input,
    forward: (x, { weights, training }) => (training ? preluOf : preluForInference)(x, weights[name]),
  });

function preluOf(x: tf.Tensor4D, slope: tf.Tensor): tf.Tensor4D {
  const operation = tf.customGrad((input, alpha, save) => {
    const positive = tf.relu(input as tf.Tensor4D);
    const negative = tf.sub<tf.Tensor4D>(input as tf.Tensor, positive);
    (save as tf.GradSaveFunc)([positive, negative, alpha as tf.Tensor]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [positive, negative, alpha] = saved as [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D];
      const steepness = scaleShift(tf.step(positive), tf.sub(1, alpha), alpha); // 1 above zero, alpha below
      return [dy.mul(steepness), channelSum(dy.mul(negative))];
    };
    const value = scaleShift(negative, alpha as tf.Tensor1D).add(positive);
    return { value, gradFunc: gradFunc as never };
  });
  return operation(x, slope) as tf.Tensor4D;
}

/** (1 - slope) * max(x, 0) + slope * x: of pieces that ONNX Runtime fuses in a graph of constants. */
const preluForInference = (x: tf.Tensor4D, slope: tf.Tensor): tf.Tensor4D =>
  scaleShift(tf.relu(x), tf.sub(1, slope)).add(scaleShift(x, slope));
