import * as tf from '#tfjs';
import type { Program } from '../engine/program.js';
import type { Pass } from './layer.js';
import type { Network } from './network.js';
import { tensorSpecs } from './parameters.js';

/** Rows scaled to unit length, (N, D). */
export const unitLength = (x: tf.Tensor2D): tf.Tensor2D =>
  x.div<tf.Tensor2D>(tf.sqrt(x.square().sum(1, true).add(1e-12)));

const asRows = (map: tf.Tensor4D): tf.Tensor2D => map.reshape([map.shape[0], map.shape[3]]); // (N, 1, 1, D) -> (N, D)

/** The network's last map as rows, and the one before its neck, (N, D) each; the same where it has none. */
export function embeddingRows({ layers, neck }: Network, x: tf.Tensor4D, pass: Pass) {
  const before = (neck?.before ?? layers).forward(x, pass);
  const beforeNeck = asRows(before);
  return { beforeNeck, embedding: neck ? asRows(neck.layer.forward(before, pass)) : beforeNeck };
}

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
      const rowsOf = (x: tf.Tensor4D): tf.Tensor2D => embeddingRows(network, x, pass).embedding;
      const both = rowsOf(input.asMap(fed)).add<tf.Tensor2D>(rowsOf(input.mirrored(fed)));
      return { outputs: { embedding: unitLength(both), norm: both.square().sum(1).sqrt() } };
    },
  };
}
