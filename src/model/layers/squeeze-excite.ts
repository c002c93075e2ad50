import * as tf from '#tfjs';
import type { LayerMaker } from '../layer.js';

/** Squeeze-and-excitation (Hu et al. 2018, eq. 2-4): channels weighed by a sigmoid of two dense layers on their means. */
export const squeezeExcite =
  (name: string, reduction = 16): LayerMaker =>
  (input) => {
    const { side, channels } = input;
    const narrow = Math.max(1, Math.floor(channels / reduction));
    return {
      parameters: {
        [`${name}.squeeze`]: { shape: [channels, narrow], init: 'he', trainable: true, decay: true },
        [`${name}.excite`]: { shape: [narrow, channels], init: 'he', trainable: true, decay: true },
      },
      multiplies: 2 * channels * narrow,
      output: input,
      forward: (x, { weights }) => {
        const means = x.sum<tf.Tensor2D>([1, 2]).div<tf.Tensor2D>(side * side); // (N, H, W, C) -> (N, C)
        const squeezed = tf.relu(tf.matMul(means, weights[`${name}.squeeze`] as tf.Tensor2D));
        const gate = tf.sigmoid(tf.matMul(squeezed, weights[`${name}.excite`] as tf.Tensor2D)); // (N, C)
        return x.mul(gate.reshape([x.shape[0], 1, 1, channels]));
      },
    };
  };
