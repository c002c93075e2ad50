import type { Layer } from './layer.js';

export interface BackboneShape {
  /** Side of the square crop. */
  size: number;
  /** D, length of the embedding. */
  embeddingSize: number;
}

/** A network from crops, (N, S, S, 3) about -1..1, to embeddings, (N, 1, 1, D), not normalised. */
export interface Backbone {
  name: string;
  summary: string;
  /** Where it was published; ours say so. */
  reference: string;
  build(shape: BackboneShape): Layer;
}
