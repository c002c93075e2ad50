import type { Backbone } from '../backbone.js';
import { type LayerMaker, sequence } from '../layer.js';
import { prelu } from '../layers/activation.js';
import { batchNorm } from '../layers/batch-norm.js';
import { convolution, depthwise } from '../layers/convolution.js';
import { residual } from '../layers/residual.js';

/** Expansion, channels, units and first stride of each stage (Chen et al. 2018, table 1). */
const STAGES = [
  { expansion: 2, filters: 64, units: 5, stride: 2 },
  { expansion: 4, filters: 128, units: 1, stride: 2 },
  { expansion: 2, filters: 128, units: 6, stride: 1 },
  { expansion: 4, filters: 128, units: 1, stride: 2 },
  { expansion: 2, filters: 128, units: 2, stride: 1 },
];

const activated = (name: string, layer: LayerMaker): LayerMaker =>
  sequence(layer, batchNorm(`${name}.norm`), prelu(`${name}.slope`));

/** Inverted residual: widen, depthwise, narrow without activation; added to its input where the shape allows. */
function bottleneck(name: string, expansion: number, filters: number, stride: number): LayerMaker {
  return (input) => {
    const wide = input.channels * expansion;
    const body = sequence(
      activated(`${name}.widen`, convolution(`${name}.widen`, { filters: wide, kernel: 1 })),
      activated(`${name}.depthwise`, depthwise(`${name}.depthwise`, { stride })),
      convolution(`${name}.narrow`, { filters, kernel: 1 }),
      batchNorm(`${name}.narrow.norm`),
    );
    return (stride === 1 && input.channels === filters ? residual(body) : body)(input);
  };
}

const stages = STAGES.flatMap(({ expansion, filters, units, stride }, stage) =>
  Array.from({ length: units }, (_, i) => bottleneck(`stage${stage}.${i}`, expansion, filters, i === 0 ? stride : 1)),
);

/** A depthwise convolution as large as the map weighs its positions, where a mean would treat them alike (sec. 3.1). */
const globalDepthwise =
  (name: string): LayerMaker =>
  (input) =>
    sequence(depthwise(name, { kernel: input.side, pad: 'valid' }), batchNorm(`${name}.norm`))(input);

export const mobilefacenet: Backbone = {
  name: 'mobilefacenet',
  summary: 'about a million weights, for phones and small machines',
  reference: 'Chen et al. 2018',
  build: ({ size, embeddingSize }) =>
    sequence(
      activated('stem', convolution('stem', { filters: 64, stride: 2 })),
      activated('stemDepthwise', depthwise('stemDepthwise')),
      ...stages,
      activated('last', convolution('last', { filters: 512, kernel: 1 })),
      globalDepthwise('global'),
      convolution('projection', { filters: embeddingSize, kernel: 1 }),
      batchNorm('normEmbedding'),
    )({ side: size, channels: 3 }),
};
