import * as tf from '#tfjs';
import type { LayerMaker } from '../layer.js';
import type { ParameterSpec, ParameterSpecs } from '../parameters.js';
import { channelSum, scaleShift } from './scale-shift.js';

interface Convolution {
  filters: number;
  kernel?: number;
  stride?: number;
  /** Pixels of padding on every side, or TensorFlow's `same` or `valid`. */
  pad?: Padding;
  bias?: boolean;
  init?: ParameterSpec['init'];
}

const outputSide = (side: number, kernel: number, stride: number, pad: Padding): number =>
  pad === 'same'
    ? Math.ceil(side / stride)
    : Math.floor((side + 2 * (pad === 'valid' ? 0 : pad) - kernel) / stride) + 1;

/** Convolution; kernel 3, stride 1 and half the kernel as padding unless told otherwise. */
export const convolution =
  (name: string, { filters, kernel = 3, stride = 1, pad, bias = false, init = 'he' }: Convolution): LayerMaker =>
  ({ side, channels }) => {
    const padding = pad ?? Math.floor(kernel / 2);
    const output = { side: outputSide(side, kernel, stride, padding), channels: filters };
    const filter: ParameterSpec = { shape: [kernel, kernel, channels, filters], init, trainable: true, decay: true };
    return {
      parameters: { [name]: filter, ...(bias ? biasSpec(name, filters) : {}) },
      multiplies: output.side ** 2 * kernel ** 2 * channels * filters,
      output,
      forward: (x, { weights }) => {
        const filters = weights[name] as tf.Tensor4D;
        const value = withPadding(x, padding, (input, pad) => tf.conv2d(input, filters, stride, pad));
        return bias ? addBias(value, weights[biasName(name)]) : value;
      },
    };
  };

/** Each channel's own convolution: one filter a channel. */
export const depthwise =
  (name: string, { kernel = 3, stride = 1, pad, bias = false }: Partial<Convolution> = {}): LayerMaker =>
  ({ side, channels }) => {
    const padding = pad ?? Math.floor(kernel / 2);
    const output = { side: outputSide(side, kernel, stride, padding), channels };
    return {
      parameters: {
        [name]: { shape: [kernel, kernel, channels, 1], init: 'he-depthwise', trainable: true, decay: true },
        ...(bias ? biasSpec(name, channels) : {}),
      },
      multiplies: output.side ** 2 * kernel ** 2 * channels,
      output,
      forward: (x, { weights }) => {
        const filters = weights[name] as tf.Tensor4D;
        const value = withPadding(x, padding, (input, pad) => tf.depthwiseConv2d(input, filters, stride, pad));
        return bias ? addBias(value, weights[biasName(name)]) : value;
      },
    };
  };

const biasName = (name: string): string => `${name}.bias`;

const biasSpec = (name: string, channels: number): ParameterSpecs => ({
  [biasName(name)]: { shape: [channels], init: 'zeros', trainable: true, decay: false },
});

function addBias(x: tf.Tensor4D, bias: tf.Tensor): tf.Tensor4D {
  const operation = tf.customGrad((x, shift) => ({
    value: scaleShift(x as tf.Tensor4D, undefined, shift as tf.Tensor),
    gradFunc: ((dy: tf.Tensor) => [dy, channelSum(dy)]) as never,
  }));
  return operation(x, bias) as tf.Tensor4D;
}

export type Padding = number | 'same' | 'valid';

/** TensorFlow's native binding convolves with `same` and `valid` only: pixels of padding are written out for it. */
export function withPadding<R>(x: tf.Tensor4D, padding: Padding, convolve: (x: tf.Tensor4D, padding: Padding) => R): R {
  if (typeof padding === 'string' || tf.getBackend() !== 'tensorflow') return convolve(x, padding);
  const sides: [number, number] = [padding, padding];
  return convolve(padding === 0 ? x : tf.pad(x, [[0, 0], sides, sides, [0, 0]]), 'valid');
}
