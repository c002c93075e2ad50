import * as tf from '#tfjs';
import type { Backbone } from '../backbone.js';
import { batchNormInference, batchNormSpecs, batchNormTraining } from '../batch-norm.js';
import type { ParameterSpecs } from '../parameters.js';

interface Layer {
  filters: number;
  stride: 1 | 2;
}

/** Convolution 3x3 - batch norm - ReLU, layer after layer, then one dense layer from the last map to the embedding. */
export function plainBackbone(name: string, summary: string, layers: readonly Layer[]): Backbone {
  const reduction = layers.reduce((product, { stride }) => product * stride, 1);
  return {
    name,
    summary,
    parameters({ size, embeddingSize }) {
      const specs: ParameterSpecs = {};
      let channels = 3;
      layers.forEach(({ filters }, i) => {
        specs[`conv${i}`] = { shape: [3, 3, channels, filters], init: 'he', trainable: true, decay: true };
        Object.assign(specs, batchNormSpecs(`norm${i}`, filters));
        channels = filters;
      });
      const features = channels * Math.ceil(size / reduction) ** 2;
      specs.dense = { shape: [features, embeddingSize], init: 'he', trainable: true, decay: true };
      return specs;
    },
    forward(images, weights, training) {
      const statistics: Record<string, tf.Tensor> = {};
      let x = images;
      layers.forEach(({ stride }, i) => {
        x = tf.conv2d(x, weights[`conv${i}`] as tf.Tensor4D, stride, 'same');
        if (training) {
          const result = batchNormTraining(x, `norm${i}`, weights);
          Object.assign(statistics, result.statistics);
          x = result.value;
        } else x = batchNormInference(x, `norm${i}`, weights);
        x = tf.relu(x); // (N, H, W, filters)
      });
      const features = x.reshape<tf.Tensor2D>([x.shape[0], -1]); // (N, H*W*C)
      return { embedding: tf.matMul(features, weights.dense as tf.Tensor2D), statistics };
    },
  };
}
