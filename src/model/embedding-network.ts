import * as tf from '#tfjs';
import type { Program } from '../engine/program.js';
import type { Pass } from './layer.js';
import type { Network } from './network.js';
import { tensorSpecs } from './parameters.js';

/** Rows scaled to unit length, (N, D). */
export const unitLength = (x: tf.Tensor2D): tf.Tensor2D =>
  x.div<tf.Tensor2D>(tf.sqrt(x.square().sum(1, true).add(1e-12)));

/** The network's last map as rows, (N, 1, 1, D) -> (N, D). */
export const embeddingRows = (network: Network, x: tf.Tensor4D, pass: Pass): tf.Tensor2D =>
  network.layers.forward(x, pass).reshape([x.shape[0], network.layers.output.channels]);

/**
 * Crops in, embeddings out: image and mirror image embedded, summed, brought to unit length.
 * Outputs `embedding` (N, D) and `norm` (N), the sum's length before.
 */
export function embeddingProgram(network: Network, batchSize: number): Program {
  const { input, layers } = network;
  return {
    inputs: { [input.name]: input.spec(batchSize) },
    state: tensorSpecs(layers.parameters),
    body(inputs, weights) {
      const fed = inputs[input.name];
      const pass = { weights, training: false, statistics: {} };
      const both = embeddingRows(network, input.asMap(fed), pass).add<tf.Tensor2D>(
        embeddingRows(network, input.mirrored(fed), pass),
      );
      return { outputs: { embedding: unitLength(both), norm: both.square().sum(1).sqrt() } };
    },
  };
}
