import * as tf from '#tfjs';
import type { Program } from '../engine/program.js';
import type { Backbone, BackboneShape } from './backbone.js';
import { tensorSpecs } from './parameters.js';

/** Bytes to about -1..1, as ArcFace's own networks are fed. */
export const normaliseImages = (bytes: tf.Tensor): tf.Tensor4D => bytes.sub(127.5).div<tf.Tensor4D>(128);

/** Rows scaled to unit length, (N, D). */
export const unitLength = (x: tf.Tensor2D): tf.Tensor2D =>
  x.div<tf.Tensor2D>(tf.sqrt(x.square().sum(1, true).add(1e-12)));

/**
 * Crops in, embeddings out: image and mirror image embedded, summed, brought to unit length.
 * Outputs `embedding` (N, D) and `norm` (N), the sum's length before.
 */
export function embeddingProgram(backbone: Backbone, shape: BackboneShape, batchSize: number): Program {
  const state = tensorSpecs(backbone.parameters(shape));
  return {
    inputs: { images: { shape: [batchSize, shape.size, shape.size, 3], dtype: 'uint8' } },
    state,
    body({ images }, weights) {
      const upright = normaliseImages(images);
      const mirrored = tf.reverse(upright, 2); // (N, H, W, 3), W turned
      const both = tf.add(
        backbone.forward(upright, weights, false).embedding,
        backbone.forward(mirrored, weights, false).embedding,
      ) as tf.Tensor2D;
      return { outputs: { embedding: unitLength(both), norm: both.square().sum(1).sqrt() } };
    },
  };
}
