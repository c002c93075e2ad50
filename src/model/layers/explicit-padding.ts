import * as tf from '#tfjs';

export type Padding = number | 'same' | 'valid';

/** TensorFlow's native binding convolves with `same` and `valid` only: pixels of padding are written out for it. */
export function withPadding<R>(x: tf.Tensor4D, padding: Padding, convolve: (x: tf.Tensor4D, padding: Padding) => R): R {
  if (typeof padding === 'string' || tf.getBackend() !== 'tensorflow') return convolve(x, padding);
  const sides: [number, number] = [padding, padding];
  return convolve(padding === 0 ? x : tf.pad(x, [[0, 0], sides, sides, [0, 0]]), 'valid');
}
