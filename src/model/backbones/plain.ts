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

export const plain4 = plainBackbone(
  'plain-4',
  'four convolutions up to 96 channels, for small crops and quick trials',
  [
    { filters: 24, stride: 2 },
    { filters: 48, stride: 2 },
    { filters: 96, stride: 2 },
    { filters: 96, stride: 1 },
  ],
);

export const plain7 = plainBackbone('plain-7', 'seven convolutions up to 256 channels, for training on a few cores', [
  { filters: 32, stride: 2 },
  { filters: 64, stride: 1 },
  { filters: 64, stride: 2 },
  { filters: 128, stride: 1 },
  { filters: 128, stride: 2 },
  { filters: 256, stride: 1 },
  { filters: 256, stride: 2 },
]);
