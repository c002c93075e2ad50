import type * as tf from '#tfjs';
import type { ParameterSpecs } from './parameters.js';

export interface BackboneShape {
  /** Side of the square crop. */
  size: number;
  /** D, length of the embedding. */
  embeddingSize: number;
}

export interface ForwardResult {
  embedding: tf.Tensor2D; // (N, D), not normalised
  /** Running statistics after this batch; empty when not training. */
  statistics: Record<string, tf.Tensor>;
}

/** A network from crops to embeddings, as pure functions. A new one is one file and one line in backbones.ts. */
export interface Backbone {
  name: string;
  summary: string;
  parameters(shape: BackboneShape): ParameterSpecs;
  /** @param images (N, S, S, 3), about -1..1 */
  forward(images: tf.Tensor4D, weights: Record<string, tf.Tensor>, training: boolean): ForwardResult;
}
