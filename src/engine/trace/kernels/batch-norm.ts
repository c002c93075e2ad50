import { FloatAttribute } from '../../onnx/onnx-writer.js';
import { type KernelEntry, traced } from '../kernel.js';

export const batchNormKernels: KernelEntry[] = [
  {
    // One pass where multiply and add would be two: x * scale + shift a channel is what batch norm is made of.
    kernel: 'FusedBatchNorm',
    emit: ({ graph, inputs: { x, mean, variance, offset, scale }, attrs: { varianceEpsilon } }) => {
      const channels = mean.shape[0];
      const filled = (value: number): string =>
        graph.constant('float32', new Float32Array(channels).fill(value), [channels]);
      const name = graph.node(
        'BatchNormalization',
        [
          graph.nameOf(x, 'nchw'),
          scale ? graph.nameOf(scale) : filled(1),
          offset ? graph.nameOf(offset) : filled(0),
          graph.nameOf(mean),
          graph.nameOf(variance),
        ],
        { epsilon: new FloatAttribute(varianceEpsilon) },
      );
      return traced(name, x.shape, x.dtype, 'nchw');
    },
  },
];
