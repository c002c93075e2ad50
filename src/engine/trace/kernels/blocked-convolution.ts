import type { GraphBuilder, TracedValue } from '../graph-builder.js';
import { traced } from '../kernel.js';
import { type ConvInfo, geometryOf, onePosition, padsOf, range } from './convolution-shape.js';

/**
 * Convolutions on blocked channels, by ONNX Runtime's direct kernels: forward, and both gradients as convolutions too.
 * Each returns undefined where shapes do not allow it, and the plain form is written instead.
 */
type Maybe = TracedValue | undefined;

export function blockedConv(graph: GraphBuilder, x: TracedValue, filter: TracedValue, info: ConvInfo): Maybe {
  const { block } = graph;
  if (block === 0 || info.outChannels % block > 0) return undefined;
  const whole = info.inChannels % block === 0;
  if (!whole && info.inChannels >= block) return undefined;
  const inputs = [graph.nameOf(x, whole ? 'nchwc' : 'nchw'), graph.nameOf(filter, whole ? 'oihwio' : 'oihwo')];
  return traced(
    graph.blockedNode('Conv', inputs, { ...geometryOf(info), group: 1 }),
    info.outShape,
    'float32',
    'nchwc',
  );
}

/**
 * Gradient of the input, at stride 1: dy with the filter turned by 180 degrees and its channels swapped. At stride s
 * the input's rows (and columns) fall into s classes, each touched by its own part of the filter: s*s smaller
 * convolutions, whose results are interleaved.
 */
export function blockedInputGradient(graph: GraphBuilder, dy: TracedValue, filter: TracedValue, info: ConvInfo): Maybe {
  const { block } = graph;
  const { inChannels, outChannels, inHeight, inWidth, strideHeight, strideWidth } = info;
  if (block === 0 || inChannels % block > 0 || outChannels % block > 0) return undefined;
  if (inHeight % strideHeight > 0 || inWidth % strideWidth > 0) return undefined;
  const [top, left] = padsOf(info);
  const rows = range(strideHeight).map((at) =>
    phaseOf(at, top, strideHeight, info.filterHeight, inHeight, info.outHeight),
  );
  const columns = range(strideWidth).map((at) =>
    phaseOf(at, left, strideWidth, info.filterWidth, inWidth, info.outWidth),
  );
  if ([...rows, ...columns].some(({ before, after }) => before < 0 || after < 0)) return undefined;

  const slope = graph.nameOf(dy, 'nchwc');
  const swapped = swapChannels(graph, graph.nameOf(filter, 'oihwio'), info); // (I/b, O/b, H*W, b*b)
  const partOf = (row: Phase, column: Phase): string | undefined => {
    if (row.taps.length * column.taps.length === 0) return undefined;
    const taps = row.taps.flatMap((tap) => column.taps.map((across) => tap * info.filterWidth + across));
    const inOrder = taps.every((tap, i) => tap === i) && taps.length === info.filterHeight * info.filterWidth;
    const chosen = inOrder ? swapped : graph.gather(swapped, 2, taps);
    const kernel = [row.taps.length, column.taps.length];
    return graph.blockedNode('Conv', [slope, graph.reshape(chosen, [inChannels, outChannels, ...kernel])], {
      kernel_shape: kernel,
      strides: [1, 1],
      dilations: [1, 1],
      pads: [row.before, column.before, row.after, column.after],
      group: 1,
    });
  };
  const parts = rows.map((row) => columns.map((column) => partOf(row, column)));
  return traced(interleave(graph, parts, info), info.inShape, 'float32', 'nchwc');
}

interface Phase {
  /** Filter rows that touch this class of input rows, last first. */
  taps: number[];
  before: number;
  after: number;
}

/** Input rows at, at + stride, ... : row j of them sees filter rows c, c + stride, ... at dy's rows j + q, j + q - 1, ... */
function phaseOf(at: number, padding: number, stride: number, filter: number, input: number, output: number): Phase {
  const first = (at + padding) % stride;
  const taps = range(filter).filter((tap) => tap % stride === first);
  const reach = (at + padding - first) / stride;
  const before = taps.length - 1 - reach;
  const after = input / stride + taps.length - 1 - output - before;
  return taps.length === 0 ? { taps, before: 0, after: 0 } : { taps: taps.reverse(), before, after };
}

/** (O/b, I/b, H*W, bi, bo) -> (I/b, O/b, H*W, bo*bi): the reordering kernel swaps the blocks, a transpose the rest. */
function swapChannels(graph: GraphBuilder, filter: string, info: ConvInfo): string {
  const { block } = graph;
  const [ins, outs, taps] = [info.inChannels / block, info.outChannels / block, info.filterHeight * info.filterWidth];
  const tiles = graph.reshape(filter, [outs * ins * taps, block, block, 1]);
  const turned = graph.blockedNode('ReorderOutput', [tiles], { channels: block, channels_last: 0 });
  return graph.transpose(graph.reshape(turned, [outs, ins, taps, block * block]), [1, 0, 2, 3]);
}

/** Blocked parts (N, C/b, H/s, W/s, b), row class by column class, as one (N, C/b, H, W, b); no part is zeros. */
function interleave(graph: GraphBuilder, parts: (string | undefined)[][], info: ConvInfo): string {
  const { block } = graph;
  const { batchSize, inChannels, inHeight, inWidth } = info;
  const planes = (batchSize * inChannels) / block;
  const [rows, columns] = [inHeight / parts.length, inWidth / parts[0].length];
  if (parts.length * parts[0].length === 1) return parts[0][0]!;
  const wide = parts.map((row) => weave(graph, row, [planes * rows, columns, block]));
  const all = weave(graph, wide, [planes, rows, inWidth * block]);
  return graph.reshape(all!, [batchSize, inChannels, inHeight, inWidth]);
}

function weave(graph: GraphBuilder, parts: (string | undefined)[], shape: number[]): string | undefined {
  if (parts.every((part) => part === undefined)) return undefined;
  if (parts.length === 1) return parts[0];
  const given = parts.filter((part) => part !== undefined);
  const at = parts.indexOf(given[0]);
  if (given.length > 1 && given.length < parts.length) throw new Error('some phases of a convolution have no taps');
  const shaped = given.map((part) => graph.reshape(part, shape));
  if (given.length === parts.length) return graph.node('Concat', shaped, { axis: 2 });
  const pads = [0, 0, at * shape[2], 0, 0, (parts.length - 1 - at) * shape[2]];
  return graph.node('Pad', [shaped[0], graph.integers(pads)]);
}

/**
 * Bytes of dy that the kernel goes through for each of x's channels: positions by a block of images by four blocks of
 * filters. Far above the second-level cache, maps are cut into strips that fit it.
 */
const passBytes = (positions: number, block: number): number => positions * block * 4 * block * 4;
const CUT_ABOVE = 4 * 2 ** 20;
const STRIP = 1.75 * 2 ** 20;

const rowsAStrip = ({ outHeight, outWidth }: ConvInfo, block: number): number =>
  passBytes(outHeight * outWidth, block) <= CUT_ABOVE
    ? outHeight
    : Math.max(1, Math.floor(STRIP / passBytes(outWidth, block)));

/**
 * Gradient of the filter: one convolution with batch and channels swapped, x (I, N, H, W) with the "filter" dy
 * (O, N, H', W') dilated by the stride, whose result is (I, O, h, w). x is padded first: padding inside the
 * convolution would leave its kernel one output at a time. Large maps are cut into strips of rows that are added up.
 */
export function blockedFilterGradient(graph: GraphBuilder, x: TracedValue, dy: TracedValue, info: ConvInfo): Maybe {
  const { block } = graph;
  const { batchSize, inChannels, outChannels, outHeight, outWidth, filterHeight, filterWidth } = info;
  if (block === 0 || batchSize % block > 0 || outChannels % block > 0) return undefined;
  const [top, left] = padsOf(info);
  const height = (outHeight - 1) * info.strideHeight + filterHeight; // what the windows see
  const width = (outWidth - 1) * info.strideWidth + filterWidth;
  const pads = [top, left, height - info.inHeight - top, width - info.inWidth - left];
  const rows = graph.reshape(graph.nameOf(x, 'nchw'), [batchSize * inChannels, info.inHeight * info.inWidth]);
  const byChannel = range(inChannels).flatMap((channel) =>
    range(batchSize).map((image) => image * inChannels + channel),
  );
  const turned = graph.reshape(graph.gather(rows, 0, byChannel), [inChannels, batchSize, info.inHeight, info.inWidth]);
  const images = padded(graph, turned, batchSize, pads); // (I, N/b, H, W, b)
  const batches = [batchSize / block, block, outChannels / block, outHeight * outWidth, block];
  const slope = graph.transpose(graph.reshape(graph.nameOf(dy, 'nchwc'), batches), [2, 0, 3, 1, 4]); // (O/b, N/b, H'*W', bn, bo)

  const outer = batchSize / block;
  const strip = rowsAStrip(info, block);
  let sum = '';
  for (let from = 0; from < outHeight; from += strip) {
    const rows = Math.min(strip, outHeight - from);
    const seen = (rows - 1) * info.strideHeight + filterHeight;
    const source = cut(graph, images, [inChannels * outer, height, width * block], from * info.strideHeight, seen);
    const weights = cut(graph, slope, [(outChannels / block) * outer, outHeight, outWidth * block * block], from, rows);
    const inputs = [
      graph.reshape(source, [inChannels, batchSize, seen, width]),
      graph.reshape(weights, [outChannels, batchSize, rows, outWidth]),
    ];
    sum = graph.blockedNode('Conv', sum ? [...inputs, '', sum] : inputs, {
      kernel_shape: [rows, outWidth],
      strides: [1, 1],
      dilations: [info.strideHeight, info.strideWidth],
      pads: [0, 0, 0, 0],
      group: 1,
    });
  }
  return asFilter(graph, sum, info);
}

/**
 * (I, N, H, W) in blocks of N, with `pads` (top, left, bottom, right) of zeros around: a depthwise convolution with ones
 * pads on all threads, Pad does not; but only Pad cuts off, where a pad is negative.
 */
function padded(graph: GraphBuilder, name: string, channels: number, pads: readonly number[]): string {
  const blocked = (source: string): string => graph.blockedNode('ReorderInput', [source], { channels_last: 0 });
  if (pads.every((side) => side === 0)) return blocked(name);
  const [top, left, bottom, right] = pads;
  if (Math.min(...pads) < 0)
    return blocked(graph.node('Pad', [name, graph.integers([0, 0, top, left, 0, 0, bottom, right])]));
  const ones = graph.constant('float32', new Float32Array(channels).fill(1), [channels, 1, 1, 1]);
  return graph.blockedNode('Conv', [blocked(name), ones], onePosition(channels, pads));
}

/** `count` of the middle axis' rows from `start` on; the whole as it is. */
function cut(graph: GraphBuilder, name: string, shape: readonly number[], start: number, count: number): string {
  if (count === shape[1]) return name;
  return graph.gather(
    graph.reshape(name, shape),
    1,
    range(count).map((row) => start + row),
  );
}

/** (I, O/b, h*w, bo) into the layout that filters of these channels are kept in. */
function asFilter(graph: GraphBuilder, gradient: string, info: ConvInfo): TracedValue {
  const { block } = graph;
  const { inChannels, outChannels, filterHeight, filterWidth } = info;
  const [outs, taps] = [outChannels / block, filterHeight * filterWidth];
  const stored = [outChannels, inChannels, filterHeight, filterWidth];
  if (inChannels % block === 0) {
    const split = graph.reshape(gradient, [inChannels / block, block, outs, taps, block]);
    return traced(
      graph.reshape(graph.transpose(split, [2, 0, 3, 1, 4]), stored),
      info.filterShape,
      'float32',
      'oihwio',
    );
  }
  if (inChannels < block) {
    const split = graph.reshape(gradient, [inChannels, outs, taps, block]);
    return traced(graph.reshape(graph.transpose(split, [1, 0, 2, 3]), stored), info.filterShape, 'float32', 'oihwo');
  }
  const plain = graph.blockedNode('ReorderOutput', [gradient], { channels: outChannels, channels_last: 0 });
  return traced(graph.transpose(plain, [1, 0, 2, 3]), info.filterShape, 'float32', 'oihw');
}
