import type { Backbone } from '../backbone.js';
import { type LayerMaker, sequence } from '../layer.js';
import { prelu } from '../layers/activation.js';
import { convolution } from '../layers/convolution.js';
import { dense } from '../layers/dense.js';
import { residual } from '../layers/residual.js';

const UNITS = [1, 2, 4, 1];
/** Without batch norm, residual branches start near zero, or the sum of them overflows. */
const BRANCH = { normal: 0.01 };

const layer = (name: string, filters: number, stride: number): LayerMaker =>
  sequence(
    convolution(name, { filters, stride, bias: true, init: stride === 1 ? BRANCH : 'he' }),
    prelu(`${name}.slope`),
  );

/** SphereFace's residual network of 20 layers, without batch norm; `widths` are its stages' channels. */
export function sphereface(name: string, widths: readonly number[]): Backbone {
  const stages = widths.flatMap((filters, stage) => [
    layer(`stage${stage}.down`, filters, 2),
    ...Array.from({ length: UNITS[stage] }, (_, i) =>
      residual(sequence(layer(`stage${stage}.${i}a`, filters, 1), layer(`stage${stage}.${i}b`, filters, 1))),
    ),
  ]);
  return {
    name,
    summary: "SphereFace's residual network of 20 layers, no batch norm",
    reference: 'Liu et al. 2017, table 2',
    build: ({ size, embeddingSize }) =>
      sequence(...stages, dense('dense', embeddingSize, { bias: true }))({ side: size, channels: 3 }),
  };
}

export const sphereface20 = sphereface('sphereface-20', [64, 128, 256, 512]);
