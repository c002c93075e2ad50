import * as tf from '#tfjs';
import type { Backbone } from '../backbone.js';
import { batchNormInference, batchNormSpecs, batchNormTraining } from '../batch-norm.js';
import type { ParameterSpecs } from '../parameters.js';

interface Layer {
  filters: number;
  stride: 1 | 2;
}

/**
 * Convolution 3x3 - batch norm - ReLU, layer after layer, then dense - batch norm from the last map to the embedding.
 * Without the last batch norm all embeddings share the direction that ReLU leaves them, and learning starts slowly.
 */
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
      return { ...specs, ...batchNormSpecs('normEmbedding', embeddingSize) };
    },
    forward(images, weights, training) {
      const statistics: Record<string, tf.Tensor> = {};
      const normalise = (x: tf.Tensor4D, norm: string): tf.Tensor4D => {
        if (!training) return batchNormInference(x, norm, weights);
        const result = batchNormTraining(x, norm, weights);
        Object.assign(statistics, result.statistics);
        return result.value;
      };
      let x = images;
      layers.forEach(({ stride }, i) => {
        x = tf.relu(normalise(tf.conv2d(x, weights[`conv${i}`] as tf.Tensor4D, stride, 'same'), `norm${i}`));
      }); // (N, H, W, filters)
      const [count] = x.shape;
      const dense = tf.matMul(x.reshape<tf.Tensor2D>([count, -1]), weights.dense as tf.Tensor2D); // (N, H*W*C) -> (N, D)
      const embedding = normalise(dense.reshape([count, 1, 1, -1]), 'normEmbedding').reshape<tf.Tensor2D>([count, -1]);
      return { embedding, statistics };
    },
  };
}
