import type { Backbone } from '../backbone.js';
import { sequence } from '../layer.js';
import { relu } from '../layers/activation.js';
import { batchNorm } from '../layers/batch-norm.js';
import { convolution } from '../layers/convolution.js';
import { dense } from '../layers/dense.js';

interface Stage {
  filters: number;
  stride: 1 | 2;
}

/**
 * Convolution 3x3 - batch norm - ReLU, layer after layer, then dense - batch norm from the last map to the embedding.
 * Without the last batch norm all embeddings share the direction that ReLU leaves them, and learning starts slowly.
 */
export function plainBackbone(name: string, summary: string, stages: readonly Stage[]): Backbone {
  const layers = stages.flatMap(({ filters, stride }, i) => [
    convolution(`conv${i}`, { filters, stride, pad: 'same' }),
    batchNorm(`norm${i}`),
    relu(),
  ]);
  return {
    name,
    summary,
    reference: 'ours',
    build: ({ size, embeddingSize }) =>
      sequence(...layers, dense('dense', embeddingSize), batchNorm('normEmbedding'))({ side: size, channels: 3 }),
  };
}
