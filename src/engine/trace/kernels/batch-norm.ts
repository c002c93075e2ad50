import { FloatAttribute } from '../../onnx/onnx-writer.js';
import type { GraphBuilder, TracedValue } from '../graph-builder.js';
import { type KernelEntry, residentLayout, traced } from '../kernel.js';
import { onePosition } from './convolution-shape.js';

const isFilledWith = ({ constant }: TracedValue, value: number): boolean =>
  constant !== undefined && constant.every((one) => one === value);

interface Normalisation {
  mean: TracedValue;
  variance: TracedValue;
  offset?: TracedValue;
  scale?: TracedValue;
  epsilon: number;
}

/** x * a + b a channel, (C) each, as a blocked depthwise convolution of one position. */
function blockedScaleShift(graph: GraphBuilder, x: TracedValue, a: string, b: string | undefined): TracedValue {
  const channels = x.shape[3];
  const inputs = [graph.nameOf(x, 'nchwc'), graph.reshape(a, [channels, 1, 1, 1]), ...(b ? [b] : [])];
  return traced(graph.blockedNode('Conv', inputs, onePosition(channels)), x.shape, x.dtype, 'nchwc');
}

/** (x - mean) / sqrt(variance + epsilon) * scale + offset as x * a + b; what is known to be 0 or 1 is left out. */
function slopeAndOffset(graph: GraphBuilder, { mean, variance, offset, scale, epsilon }: Normalisation) {
  const given = (value: TracedValue | undefined, ifAbsent: () => string): string =>
    value ? graph.nameOf(value) : ifAbsent();
  const unit = isFilledWith(variance, 1) && epsilon === 0;
  const ones = (): string => graph.constant('float32', new Float32Array(mean.shape[0]).fill(1), mean.shape);
  const root = (): string => graph.node('Sqrt', [graph.node('Add', [graph.nameOf(variance), graph.scalar(epsilon)])]);
  const a = unit ? given(scale, ones) : graph.node('Div', [given(scale, ones), root()]);
  if (isFilledWith(mean, 0)) return { a, b: offset && !isFilledWith(offset, 0) ? graph.nameOf(offset) : undefined };
  const pull = graph.node('Mul', [graph.nameOf(mean), a]);
  return { a, b: offset ? graph.node('Sub', [graph.nameOf(offset), pull]) : graph.node('Neg', [pull]) };
}

export const batchNormKernels: KernelEntry[] = [
  {
    // One pass where multiply and add would be two: x * scale + shift a channel is what batch norm is made of.
    kernel: 'FusedBatchNorm',
    emit: ({ graph, inputs: { x, mean, variance, offset, scale }, attrs: { varianceEpsilon: epsilon } }) => {
      if (residentLayout([x]) === 'nchwc') {
        const { a, b } = slopeAndOffset(graph, { mean, variance, offset, scale, epsilon });
        return blockedScaleShift(graph, x, a, b);
      }
      const filled = (value: number): string =>
        graph.constant('float32', new Float32Array(mean.shape[0]).fill(value), mean.shape);
      const inputs = [
        graph.nameOf(x, 'nchw'),
        scale ? graph.nameOf(scale) : filled(1),
        offset ? graph.nameOf(offset) : filled(0),
        graph.nameOf(mean),
        graph.nameOf(variance),
      ];
      const name = graph.node('BatchNormalization', inputs, { epsilon: new FloatAttribute(epsilon) });
      return traced(name, x.shape, x.dtype, 'nchw');
    },
  },
];
