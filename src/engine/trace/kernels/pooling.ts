import { backend_util } from '#tfjs';
import type { GraphBuilder, TracedValue } from '../graph-builder.js';
import { type KernelCall, type KernelEntry, residentLayout, traced } from '../kernel.js';
import { type ConvInfo, geometryOf, outputPaddingOf, range, type Shape4D } from './convolution-shape.js';

function poolInfo(
  shape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: KernelCall['attrs'],
): ConvInfo {
  return backend_util.computePool2DInfo(shape as Shape4D, filterSize, strides, 1, pad, dimRoundingMode);
}

function pool({ graph, inputs: { x }, attrs }: KernelCall, op: 'MaxPool' | 'AveragePool'): TracedValue {
  const info = poolInfo(x.shape, attrs);
  const { dilations, ...geometry } = geometryOf(info);
  const extra: Record<string, number | number[]> = op === 'AveragePool' ? { count_include_pad: 0 } : { dilations };
  const attributes = { ...geometry, ...extra };
  const layout = residentLayout([x]) === 'nchwc' ? 'nchwc' : 'nchw';
  const source = graph.nameOf(x, layout);
  const name = layout === 'nchwc' ? graph.blockedNode(op, [source], attributes) : graph.node(op, [source], attributes);
  return traced(name, info.outShape, x.dtype, layout);
}

/** Pixels that each window of an average covers, (H', W'): fewer where it reaches over the edge. */
function windowCounts(info: ConvInfo): Float32Array {
  const covered = (at: number, stride: number, filter: number, before: number, side: number): number =>
    Math.min(at * stride - before + filter, side) - Math.max(at * stride - before, 0);
  const { top, left } = info.padInfo;
  return Float32Array.from(
    range(info.outHeight).flatMap((row) =>
      range(info.outWidth).map(
        (column) =>
          covered(row, info.strideHeight, info.filterHeight, top, info.inHeight) *
          covered(column, info.strideWidth, info.filterWidth, left, info.inWidth),
      ),
    ),
  );
}

/** Every pixel gets its windows' shares: a depthwise transposed convolution of dy / count with ones. */
function averageGradient(graph: GraphBuilder, dy: TracedValue, info: ConvInfo): TracedValue {
  const { inChannels, filterHeight, filterWidth, outHeight, outWidth } = info;
  const counts = graph.constant('float32', windowCounts(info), [1, 1, outHeight, outWidth]);
  const shares = graph.node('Div', [graph.nameOf(dy, 'nchw'), counts]);
  const ones = new Float32Array(inChannels * filterHeight * filterWidth).fill(1);
  const filter = graph.constant('float32', ones, [inChannels, 1, filterHeight, filterWidth]);
  const name = graph.node('ConvTranspose', [shares, filter], {
    ...geometryOf(info),
    group: inChannels,
    output_padding: outputPaddingOf(info),
  });
  return traced(name, info.inShape, 'float32', 'nchw');
}

/** Each window's dy goes to where its maximum stood; the places come with ONNX's own MaxPool. */
function maximumGradient(graph: GraphBuilder, dy: TracedValue, input: TracedValue, info: ConvInfo): TracedValue {
  const { batchSize, inChannels, inHeight, inWidth } = info;
  const size = batchSize * inChannels * inHeight * inWidth;
  const [, places] = graph.nodeOf('MaxPool', [graph.nameOf(input, 'nchw')], geometryOf(info), 2);
  const zeros = graph.node('Expand', [graph.scalar(0), graph.integers([size])]);
  const flat = [places, graph.nameOf(dy, 'nchw')].map((name) => graph.reshape(name, [-1]));
  const sums = graph.node('ScatterElements', [zeros, ...flat], { axis: 0, reduction: 'add' });
  return traced(graph.reshape(sums, [batchSize, inChannels, inHeight, inWidth]), info.inShape, 'float32', 'nchw');
}

export const poolingKernels: KernelEntry[] = [
  { kernel: 'MaxPool', emit: (call) => pool(call, 'MaxPool') },
  { kernel: 'AvgPool', emit: (call) => pool(call, 'AveragePool') },
  {
    kernel: 'AvgPoolGrad',
    emit: ({ graph, inputs: { dy, input }, attrs }) => averageGradient(graph, dy, poolInfo(input.shape, attrs)),
  },
  {
    kernel: 'MaxPoolGrad',
    emit: ({ graph, inputs: { dy, input }, attrs }) => maximumGradient(graph, dy, input, poolInfo(input.shape, attrs)),
  },
];
