import * as tf from '#tfjs';
import type { LayerMaker } from '../layer.js';
import type { ParameterSpec } from '../parameters.js';

/** Fully connected from all of a map to a vector, (N, H, W, C) -> (N, 1, 1, D). */
export const dense =
  (name: string, size: number, { bias = false, init = 'he' as ParameterSpec['init'] } = {}): LayerMaker =>
  ({ side, channels }) => {
    const features = side ** 2 * channels;
    return {
      parameters: {
        [name]: { shape: [features, size], init, trainable: true, decay: true },
        ...(bias ? { [`${name}.bias`]: { shape: [size], init: 'zeros', trainable: true, decay: false } } : {}),
      },
      multiplies: features * size,
      output: { side: 1, channels: size },
      forward: (x, { weights }) => {
        const product = tf.matMul(x.reshape<tf.Tensor2D>([x.shape[0], features]), weights[name] as tf.Tensor2D);
        const value = bias ? product.add(weights[`${name}.bias`]) : product;
        return value.reshape<tf.Tensor4D>([x.shape[0], 1, 1, size]);
      },
    };
  };
