import type { Backbone } from '../backbone.js';
import { type LayerMaker, sequence } from '../layer.js';
import { prelu } from '../layers/activation.js';
import { batchNorm } from '../layers/batch-norm.js';
import { convolution } from '../layers/convolution.js';
import { dense } from '../layers/dense.js';
import { dropout } from '../layers/dropout.js';
import { residual } from '../layers/residual.js';
import { squeezeExcite } from '../layers/squeeze-excite.js';

/** BN - Conv - BN - PReLU - Conv - BN, the stride in the second convolution (Deng et al. 2019, sec. 3.1). */
function unit(name: string, filters: number, stride: number, excite: boolean): LayerMaker {
  return (input) => {
    const body = sequence(
      batchNorm(`${name}.norm1`),
      convolution(`${name}.conv1`, { filters }),
      batchNorm(`${name}.norm2`),
      prelu(`${name}.slope`),
      convolution(`${name}.conv2`, { filters, stride }),
      batchNorm(`${name}.norm3`),
      ...(excite ? [squeezeExcite(`${name}.excite`)] : []),
    );
    const same = stride === 1 && input.channels === filters;
    const shortcut = sequence(
      convolution(`${name}.shortcut`, { filters, kernel: 1, stride }),
      batchNorm(`${name}.shortcutNorm`),
    );
    return residual(body, same ? undefined : shortcut)(input);
  };
}

/** ArcFace's improved residual network: a stem without stride, four stages of `units`, then BN - Dropout - FC - BN. */
export function irResnet(
  name: string,
  units: readonly number[],
  { excite = false, widths = [64, 128, 256, 512] } = {},
): Backbone {
  const stages = widths.flatMap((filters, stage) =>
    Array.from({ length: units[stage] }, (_, i) => unit(`stage${stage}.${i}`, filters, i === 0 ? 2 : 1, excite)),
  );
  return {
    name,
    summary: `ArcFace's improved residual network, ${units.join('-')} units${excite ? ', squeeze-and-excitation' : ''}`,
    reference: `Deng et al. 2019, sec. 3.1${excite ? '; Hu et al. 2018' : ''}`,
    build: ({ size, embeddingSize }) =>
      sequence(
        convolution('stem', { filters: widths[0] }),
        batchNorm('stemNorm'),
        prelu('stemSlope'),
        ...stages,
        batchNorm('normLast'),
        dropout(),
        dense('dense', embeddingSize, { bias: true }),
        batchNorm('normEmbedding'),
      )({ side: size, channels: 3 }),
  };
}

export const ir18 = irResnet('ir-18', [2, 2, 2, 2]);

export const ir34 = irResnet('ir-34', [3, 4, 6, 3]);

export const ir50 = irResnet('ir-50', [3, 4, 14, 3]);

export const irSe50 = irResnet('ir-se-50', [3, 4, 14, 3], { excite: true });
