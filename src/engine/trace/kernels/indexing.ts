import { slice_util } from '#tfjs';
import { elementTypes } from '../../onnx/onnx-writer.js';
import type { GraphBuilder, TracedValue } from '../graph-builder.js';
import { type KernelEntry, traced } from '../kernel.js';
import { range } from './convolution-shape.js';

const positive = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
const wide = (graph: GraphBuilder, value: TracedValue): string =>
  graph.node('Cast', [graph.nameOf(value)], { to: elementTypes.int64 });

/** Sums of `updates` at `indices` (n, depth) in zeros of `shape`. */
function scattered(graph: GraphBuilder, indices: string, updates: TracedValue, shape: number[]): TracedValue {
  const zeros = graph.node('Expand', [graph.scalar(0), graph.integers(shape)]);
  const name = graph.node('ScatterND', [zeros, indices, graph.nameOf(updates)], { reduction: 'add' });
  return traced(name, shape, updates.dtype);
}

/** ArgMax or ArgMin, which ONNX answers in 64 bits. */
const place = (kernel: string): KernelEntry => ({
  kernel,
  emit: ({ graph, inputs: { x }, attrs: { axis } }) => {
    const along = positive(axis, x.shape.length);
    const found = graph.node(kernel, [graph.nameOf(x)], { axis: along, keepdims: 0 });
    const name = graph.node('Cast', [found], { to: elementTypes.int32 });
    return traced(name, x.shape.toSpliced(along, 1), 'int32');
  },
});

export const indexingKernels: KernelEntry[] = [
  {
    kernel: 'GatherV2',
    emit: ({ graph, inputs: { x, indices }, attrs: { axis, batchDims = 0 } }) => {
      if (batchDims !== 0) throw new RangeError('gather with batch dimensions cannot be traced');
      const along = positive(axis, x.shape.length);
      const name = graph.node('Gather', [graph.nameOf(x), graph.nameOf(indices)], { axis: along });
      return traced(name, x.shape.toSpliced(along, 1, ...indices.shape), x.dtype);
    },
  },
  {
    kernel: 'UnsortedSegmentSum',
    emit: ({ graph, inputs: { x, segmentIds }, attrs: { numSegments } }) => {
      const ids = graph.reshape(wide(graph, segmentIds), [...segmentIds.shape, 1]);
      return scattered(graph, ids, x, [numSegments, ...x.shape.slice(segmentIds.shape.length)]);
    },
  },
  {
    kernel: 'ScatterNd',
    emit: ({ graph, inputs: { indices, updates }, attrs: { shape } }) =>
      scattered(graph, wide(graph, indices), updates, [...shape]),
  },
  {
    kernel: 'Cumsum',
    emit: ({ graph, inputs: { x }, attrs: { axis, exclusive, reverse } }) => {
      const flags = { exclusive: Number(exclusive), reverse: Number(reverse) };
      const along = graph.scalar(positive(axis, x.shape.length), 'int64');
      return traced(graph.node('CumSum', [graph.nameOf(x), along], flags), x.shape, x.dtype);
    },
  },
  {
    kernel: 'TopK',
    emit: ({ graph, inputs: { x }, attrs: { k, sorted } }) => {
      const inputs = [graph.nameOf(x), graph.integers([k])];
      const [values, places] = graph.nodeOf('TopK', inputs, { sorted: Number(sorted) }, 2);
      const shape = [...x.shape.slice(0, -1), k];
      const narrow = graph.node('Cast', [places], { to: elementTypes.int32 });
      return [traced(values, shape, x.dtype), traced(narrow, shape, 'int32')];
    },
  },
  place('ArgMax'),
  place('ArgMin'),
  {
    kernel: 'Concat',
    emit: ({ graph, inputs, attrs: { axis } }) => {
      const parts = Object.values(inputs);
      const along = positive(axis, parts[0].shape.length);
      const side = parts.reduce((sum, { shape }) => sum + shape[along], 0);
      const names = parts.map((part) => graph.nameOf(part));
      return traced(
        graph.node('Concat', names, { axis: along }),
        parts[0].shape.toSpliced(along, 1, side),
        parts[0].dtype,
      );
    },
  },
  {
    kernel: 'SplitV',
    emit: ({ graph, inputs: { x }, attrs: { numOrSizeSplits, axis } }) => {
      const along = positive(axis, x.shape.length);
      const sizes: number[] = Array.isArray(numOrSizeSplits)
        ? numOrSizeSplits
        : Array<number>(numOrSizeSplits).fill(x.shape[along] / numOrSizeSplits);
      const inputs = [graph.nameOf(x), graph.integers(sizes)];
      const names = graph.nodeOf('Split', inputs, { axis: along }, sizes.length);
      return names.map((name, i) => traced(name, x.shape.toSpliced(along, 1, sizes[i]), x.dtype));
    },
  },
  {
    kernel: 'Pack',
    emit: ({ graph, inputs, attrs: { axis } }) => {
      const parts = Object.values(inputs);
      const along = positive(axis, parts[0].shape.length + 1);
      const raised = parts.map((part) => graph.reshape(graph.nameOf(part), part.shape.toSpliced(along, 0, 1)));
      const shape = parts[0].shape.toSpliced(along, 0, parts.length);
      return traced(graph.node('Concat', raised, { axis: along }), shape, parts[0].dtype);
    },
  },
  {
    kernel: 'Unpack',
    emit: ({ graph, inputs: { value }, attrs: { axis } }) => {
      const along = positive(axis, value.shape.length);
      const shape = value.shape.toSpliced(along, 1);
      return range(value.shape[along]).map((at) => {
        const name = graph.node('Gather', [graph.nameOf(value), graph.scalar(at, 'int64')], { axis: along });
        return traced(name, shape, value.dtype);
      });
    },
  },
  {
    // An index list an axis: ONNX's own pad knows only one of the two ways to mirror.
    kernel: 'MirrorPad',
    emit: ({ graph, inputs: { x }, attrs: { paddings, mode } }) => {
      const edge = mode === 'reflect' ? 1 : 0;
      const mirrored = (at: number, side: number): number =>
        at < 0 ? -at - 1 + edge : at >= side ? 2 * side - at - 1 - edge : at;
      const pairs = paddings as [number, number][];
      const name = pairs.reduce((source, [before, after], axis) => {
        if (before + after === 0) return source;
        const side = x.shape[axis];
        return graph.gather(
          source,
          axis,
          range(before + side + after).map((at) => mirrored(at - before, side)),
        );
      }, graph.nameOf(x));
      return traced(
        name,
        x.shape.map((side, axis) => side + pairs[axis][0] + pairs[axis][1]),
        x.dtype,
      );
    },
  },
  {
    kernel: 'StridedSlice',
    emit: ({ graph, inputs: { x }, attrs }) => {
      const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attrs;
      const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const;
      const cut = slice_util.sliceInfo(x.shape, begin, end, strides, ...masks);
      const axes = range(x.shape.length);
      const inputs = [cut.begin, cut.end, axes, cut.strides].map((values) => graph.integers(values));
      const name = graph.reshape(graph.node('Slice', [graph.nameOf(x), ...inputs]), cut.finalShape);
      return traced(name, cut.finalShape, x.dtype);
    },
  },
];
