import type { GraphBuilder, TracedValue } from '../graph-builder.js';
import { type KernelEntry, traced } from '../kernel.js';
import { blockedConv, blockedFilterGradient, blockedInputGradient } from './blocked-convolution.js';
import { type ConvInfo, convInfo, geometryOf, outputPaddingOf } from './convolution-shape.js';
import { windowsOf } from './windows.js';

export const convolutionKernels: KernelEntry[] = [
  {
    kernel: 'Conv2D',
    emit: ({ graph, inputs: { x, filter }, attrs }) => {
      const info = convInfo(x.shape, filter.shape, attrs);
      return blockedConv(graph, x, filter, info) ?? plainConv(graph, x, filter, info);
    },
  },
  {
    kernel: 'Conv2DBackpropInput',
    emit: ({ graph, inputs: { dy, filter }, attrs }) => {
      const info = convInfo(attrs.inputShape, filter.shape, attrs);
      return blockedInputGradient(graph, dy, filter, info) ?? plainInputGradient(graph, dy, filter, info);
    },
  },
  {
    kernel: 'Conv2DBackpropFilter',
    emit: ({ graph, inputs: { x, dy }, attrs }) => {
      const info = convInfo(x.shape, attrs.filterShape, attrs);
      if (info.filterHeight * info.filterWidth === 1) return pointwiseFilterGradient(graph, x, dy, info);
      return blockedFilterGradient(graph, x, dy, info) ?? plainFilterGradient(graph, x, dy, info);
    },
  },
];

function plainConv(graph: GraphBuilder, x: TracedValue, filter: TracedValue, info: ConvInfo): TracedValue {
  const name = graph.node('Conv', [graph.nameOf(x, 'nchw'), graph.nameOf(filter, 'oihw')], geometryOf(info));
  return traced(name, info.outShape, 'float32', 'nchw');
}

function plainInputGradient(graph: GraphBuilder, dy: TracedValue, filter: TracedValue, info: ConvInfo): TracedValue {
  const name = graph.node('ConvTranspose', [graph.nameOf(dy, 'nchw'), graph.nameOf(filter, 'oihw')], {
    ...geometryOf(info),
    output_padding: outputPaddingOf(info),
  });
  return traced(name, info.inShape, 'float32', 'nchw');
}

/** Every `stride`-th row and column, (N, H, W, C). */
function subsample(graph: GraphBuilder, x: TracedValue, info: ConvInfo): TracedValue {
  const { strideHeight, strideWidth, batchSize, outHeight, outWidth, inChannels } = info;
  if (strideHeight * strideWidth === 1) return x;
  const shape = [batchSize, outHeight, outWidth, inChannels];
  const strides = [strideHeight, strideWidth];
  if (x.names.nchwc) {
    // A maximum over one position is a copy, and on all threads.
    const attributes = { kernel_shape: [1, 1], strides, dilations: [1, 1], pads: [0, 0, 0, 0] };
    return traced(graph.blockedNode('MaxPool', [x.names.nchwc], attributes), shape, 'float32', 'nchwc');
  }
  const ends = [(outHeight - 1) * strideHeight + 1, (outWidth - 1) * strideWidth + 1];
  const slices = [[0, 0], ends, [1, 2], strides].map((values) => graph.integers(values));
  return traced(graph.node('Slice', [graph.nameOf(x), ...slices]), shape, 'float32');
}

/** A 1x1 filter's gradient: a product an image, (O, P) with (I, P) transposed, summed over the images. */
function pointwiseFilterGradient(graph: GraphBuilder, x: TracedValue, dy: TracedValue, info: ConvInfo): TracedValue {
  const { batchSize, inChannels, outChannels, outHeight, outWidth } = info;
  const positions = outHeight * outWidth;
  const rows = (value: TracedValue, channels: number): string =>
    graph.reshape(graph.nameOf(value, 'nchw'), [batchSize, channels, positions]);
  const inputs = [rows(dy, outChannels), rows(subsample(graph, x, info), inChannels)];
  const each = graph.node('FusedMatMul', inputs, { transA: 0, transB: 1 }, 'com.microsoft'); // (N, O, I)
  const sum = graph.node('ReduceSum', [each, graph.integers([0])], { keepdims: 0 });
  return traced(graph.reshape(sum, [outChannels, inChannels, 1, 1]), info.filterShape, 'float32', 'oihw');
}

/** A product for each filter position on strided slices of the padded input, joined. */
function plainFilterGradient(graph: GraphBuilder, x: TracedValue, dy: TracedValue, info: ConvInfo): TracedValue {
  const { filterHeight, filterWidth, inChannels, outChannels } = info;
  const positions = info.batchSize * info.outHeight * info.outWidth;
  const slope = graph.reshape(graph.nameOf(dy), [positions, outChannels]);
  const gradients = windowsOf(graph, x, info).map((window) => {
    const flat = graph.reshape(window, [positions, inChannels]);
    return graph.node('Gemm', [slope, flat], { transA: 1 }); // (O, I)
  });
  const joined = graph.node('Concat', gradients, { axis: 1 }); // (O, H*W*I)
  const apart = graph.reshape(joined, [outChannels, filterHeight, filterWidth, inChannels]);
  return traced(graph.transpose(apart, [0, 3, 1, 2]), info.filterShape, 'float32', 'oihw'); // (O, I, H, W)
}
