import * as tf from '#tfjs';
import type { Program } from '../engine/program.js';
import type { Backbone, BackboneShape } from './backbone.js';
import { tensorSpecs } from './parameters.js';

/** Bytes to about -1..1, as ArcFace's own networks are fed. */
export const normaliseImages = (bytes: tf.Tensor): tf.Tensor4D => bytes.sub(127.5).div<tf.Tensor4D>(128);

/** Rows scaled to unit length, (N, D). */
export const unitLength = (x: tf.Tensor2D): tf.Tensor2D =>
  x.div<tf.Tensor2D>(tf.sqrt(x.square().sum(1, true).add(1e-12)));

/** (N, 1, 1, D) -> (N, D) */
export const embeddingRows = (x: tf.Tensor): tf.Tensor2D => x.reshape([x.shape[0], x.shape[3]!]);

/**
 * Crops in, embeddings out: image and mirror image embedded, summed, brought to unit length.
 * Outputs `embedding` (N, D) and `norm` (N), the sum's length before.
 */
export function embeddingProgram(backbone: Backbone, shape: BackboneShape, batchSize: number): Program {
  const network = backbone.build(shape);
  const state = tensorSpecs(network.parameters);
  return {
    inputs: { images: { shape: [batchSize, shape.size, shape.size, 3], dtype: 'uint8' } },
    state,
    body({ images }, weights) {
      const upright = normaliseImages(images);
      const mirrored = tf.reverse(upright, 2); // (N, H, W, 3), W turned
      const pass = { weights, training: false, statistics: {} };
      const both = embeddingRows(network.forward(upright, pass).add(network.forward(mirrored, pass)));
      return { outputs: { embedding: unitLength(both), norm: both.square().sum(1).sqrt() } };
    },
  };
}
