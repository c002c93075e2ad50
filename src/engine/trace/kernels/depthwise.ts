import type { GraphBuilder, TracedValue } from '../graph-builder.js';
import { type KernelEntry, traced } from '../kernel.js';
import { type ConvInfo, convInfo, geometryOf, outputPaddingOf, padsOf, range } from './convolution-shape.js';
import { windowsOf } from './windows.js';

const multiplierOf = (info: ConvInfo): number => info.outChannels / info.inChannels;
const isBlockable = ({ block }: GraphBuilder, info: ConvInfo): boolean =>
  block > 0 && info.inChannels % block === 0 && multiplierOf(info) === 1;

export const depthwiseKernels: KernelEntry[] = [
  {
    kernel: 'DepthwiseConv2dNative',
    emit: ({ graph, inputs: { x, filter }, attrs }) => {
      const info = convInfo(x.shape, filter.shape, attrs, true);
      const geometry = { ...geometryOf(info), group: info.inChannels };
      if (isBlockable(graph, info)) {
        const inputs = [graph.nameOf(x, 'nchwc'), graph.nameOf(filter, 'chwc')];
        return traced(graph.blockedNode('Conv', inputs, geometry), info.outShape, 'float32', 'nchwc');
      }
      const inputs = [graph.nameOf(x, 'nchw'), ungrouped(graph, filter, info)];
      return traced(graph.node('Conv', inputs, geometry), info.outShape, 'float32', 'nchw');
    },
  },
  {
    kernel: 'DepthwiseConv2dNativeBackpropInput',
    emit: ({ graph, inputs: { dy, filter }, attrs }) => {
      const info = convInfo(attrs.inputShape, filter.shape, attrs, true);
      return blockedInputGradient(graph, dy, filter, info) ?? plainInputGradient(graph, dy, filter, info);
    },
  },
  {
    kernel: 'DepthwiseConv2dNativeBackpropFilter',
    emit: ({ graph, inputs: { x, dy }, attrs }) => {
      const info = convInfo(x.shape, attrs.filterShape, attrs, true);
      return blockedFilterGradient(graph, x, dy, info) ?? plainFilterGradient(graph, x, dy, info);
    },
  },
];

/** (C, M, h, w) as ONNX has it, (C*M, 1, h, w). */
const ungrouped = (graph: GraphBuilder, filter: TracedValue, info: ConvInfo): string =>
  graph.reshape(graph.nameOf(filter, 'chw'), [info.outChannels, 1, info.filterHeight, info.filterWidth]);

/** Zeros between dy's rows and columns where the stride skipped, then its convolution with the filter turned round. */
function blockedInputGradient(
  graph: GraphBuilder,
  dy: TracedValue,
  filter: TracedValue,
  info: ConvInfo,
): TracedValue | undefined {
  const { block } = graph;
  const { inChannels, filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const [top, left] = padsOf(info);
  const [before, across] = [filterHeight - 1 - top, filterWidth - 1 - left];
  const after = info.inHeight - info.outHeight * strideHeight + filterHeight - 1 - before;
  const beyond = info.inWidth - info.outWidth * strideWidth + filterWidth - 1 - across;
  if (!isBlockable(graph, info) || Math.min(before, across, after, beyond) < 0) return undefined;
  const taps = filterHeight * filterWidth;
  const rows = graph.reshape(graph.nameOf(filter, 'chwc'), [inChannels / block, taps, block]);
  const turned = taps === 1 ? rows : graph.gather(rows, 1, range(taps).reverse());
  const inputs = [spread(graph, dy, info), graph.reshape(turned, [inChannels, 1, filterHeight, filterWidth])];
  const name = graph.blockedNode('Conv', inputs, {
    kernel_shape: [filterHeight, filterWidth],
    strides: [1, 1],
    dilations: [1, 1],
    pads: [before, across, after, beyond],
    group: inChannels,
  });
  return traced(name, info.inShape, 'float32', 'nchwc');
}

/** dy at every stride-th place of (N, C/b, H'*s, W'*s, b), zeros elsewhere: upsampled, then masked. */
function spread(graph: GraphBuilder, dy: TracedValue, info: ConvInfo): string {
  const { block } = graph;
  const { batchSize, inChannels, strideHeight, strideWidth } = info;
  const name = graph.nameOf(dy, 'nchwc');
  if (strideHeight * strideWidth === 1) return name;
  const [height, width] = [info.outHeight * strideHeight, info.outWidth * strideWidth];
  const repeated = graph.blockedNode('Upsample', [name], {
    scales: [1, 1, strideHeight, strideWidth],
    mode: 'nearest',
  });
  const mask = Float32Array.from({ length: height * width * block }, (_, i) => {
    const at = Math.floor(i / block);
    return Number(Math.floor(at / width) % strideHeight === 0 && (at % width) % strideWidth === 0);
  });
  const plane = height * width * block;
  const planes = graph.reshape(repeated, [(batchSize * inChannels) / block, plane]);
  const masked = graph.node('Mul', [planes, graph.constant('float32', mask, [1, plane])]);
  return graph.reshape(masked, [batchSize, inChannels, height, width]);
}

/**
 * Each image's each channel convolved with its own dy, dilated by the stride: images count as channels, so that
 * blocked x and dy are input and filter as they lie. The results, (N, C/b, h, w, b), are summed over the images.
 */
function blockedFilterGradient(
  graph: GraphBuilder,
  x: TracedValue,
  dy: TracedValue,
  info: ConvInfo,
): TracedValue | undefined {
  const { batchSize, inChannels, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth } = info;
  const [top, left] = padsOf(info);
  const bottom = (outHeight - 1) * info.strideHeight + filterHeight - inHeight - top;
  const right = (outWidth - 1) * info.strideWidth + filterWidth - inWidth - left;
  if (!isBlockable(graph, info) || bottom < 0 || right < 0) return undefined;
  const planes = batchSize * inChannels;
  const inputs = [
    graph.reshape(graph.nameOf(x, 'nchwc'), [1, planes, inHeight, inWidth]),
    graph.reshape(graph.nameOf(dy, 'nchwc'), [planes, 1, outHeight, outWidth]),
  ];
  const each = graph.blockedNode('Conv', inputs, {
    kernel_shape: [outHeight, outWidth],
    strides: [1, 1],
    dilations: [info.strideHeight, info.strideWidth],
    pads: [top, left, bottom, right],
    group: planes,
  });
  const rows = graph.reshape(each, [batchSize, inChannels * filterHeight * filterWidth]);
  const sum = graph.node('ReduceSum', [rows, graph.integers([0])], { keepdims: 0 });
  const stored = graph.reshape(sum, [inChannels, 1, filterHeight, filterWidth]);
  return traced(stored, info.filterShape, 'float32', 'chwc');
}

function plainInputGradient(graph: GraphBuilder, dy: TracedValue, filter: TracedValue, info: ConvInfo): TracedValue {
  const name = graph.node('ConvTranspose', [graph.nameOf(dy, 'nchw'), ungrouped(graph, filter, info)], {
    ...geometryOf(info),
    group: info.inChannels,
    output_padding: outputPaddingOf(info),
  });
  return traced(name, info.inShape, 'float32', 'nchw');
}

/** For each filter position, the windows' pixels times dy, summed over images and places. */
function plainFilterGradient(graph: GraphBuilder, x: TracedValue, dy: TracedValue, info: ConvInfo): TracedValue {
  const { batchSize, inChannels, outHeight, outWidth } = info;
  const slope = graph.reshape(graph.nameOf(dy), [batchSize, outHeight, outWidth, inChannels, multiplierOf(info)]);
  const gradients = windowsOf(graph, x, info).map((window) => {
    const pixels = graph.reshape(window, [batchSize, outHeight, outWidth, inChannels, 1]);
    const products = graph.node('Mul', [slope, pixels]);
    return graph.node('ReduceSum', [products, graph.integers([0, 1, 2])], { keepdims: 0 }); // (C, M)
  });
  return traced(
    graph.reshape(graph.node('Concat', gradients, { axis: 0 }), info.filterShape),
    info.filterShape,
    'float32',
  );
}
