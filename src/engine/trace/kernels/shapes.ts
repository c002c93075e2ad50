import type { DataType } from '#tfjs';
import { elementTypes } from '../../onnx/onnx-writer.js';
import { sizeOf } from '../../program.js';
import { elementTypeOf, type TracedValue } from '../graph-builder.js';
import { type KernelEntry, traced } from '../kernel.js';

function filled(shape: readonly number[], dtype: DataType, value: number): TracedValue {
  const values = dtype === 'float32' ? new Float32Array(sizeOf(shape)) : new Int32Array(sizeOf(shape));
  return { shape: [...shape], dtype, constant: values.fill(value), names: {} };
}

const like = (kernel: string, value: number): KernelEntry => ({
  kernel,
  emit: ({ inputs: { x } }) => filled(x.shape, x.dtype, value),
});

/** Smallest value an ONNX Slice may end at when it walks backwards: beyond the first element. */
const BEFORE_FIRST = -(2 ** 31);

export const shapeKernels: KernelEntry[] = [
  like('ZerosLike', 0),
  like('OnesLike', 1),
  {
    kernel: 'Fill',
    emit: ({ attrs: { shape, value, dtype } }) => filled(shape, dtype ?? 'float32', value),
  },
  {
    kernel: 'Identity',
    emit: ({ inputs: { x } }) => x,
  },
  {
    kernel: 'Reshape',
    emit: ({ graph, inputs: { x }, attrs: { shape } }) => {
      const known = sizeOf(shape.filter((side: number) => side >= 0));
      const target = shape.map((side: number) => (side < 0 ? sizeOf(x.shape) / known : side));
      return target.join() === x.shape.join() ? x : traced(graph.reshape(graph.nameOf(x), target), target, x.dtype);
    },
  },
  {
    kernel: 'ExpandDims',
    emit: ({ graph, inputs: { input: x }, attrs: { dim } }) => {
      const target = x.shape.toSpliced(dim < 0 ? dim + x.shape.length + 1 : dim, 0, 1);
      return traced(graph.reshape(graph.nameOf(x), target), target, x.dtype);
    },
  },
  {
    kernel: 'Transpose',
    emit: ({ graph, inputs: { x }, attrs: { perm } }) =>
      traced(
        graph.node('Transpose', [graph.nameOf(x)], { perm: [...perm] }),
        perm.map((axis: number) => x.shape[axis]),
        x.dtype,
      ),
  },
  {
    kernel: 'Tile',
    emit: ({ graph, inputs: { x }, attrs: { reps } }) =>
      traced(
        graph.node('Tile', [graph.nameOf(x), graph.integers(reps)]),
        x.shape.map((side, axis) => side * reps[axis]),
        x.dtype,
      ),
  },
  {
    kernel: 'Slice',
    emit: ({ graph, inputs: { x }, attrs: { begin, size } }) => {
      const shape = size.map((side: number, axis: number) => (side < 0 ? x.shape[axis] - begin[axis] : side));
      const ends = begin.map((from: number, axis: number) => from + shape[axis]);
      const name = graph.node('Slice', [graph.nameOf(x), graph.integers(begin), graph.integers(ends)]);
      return traced(name, shape, x.dtype);
    },
  },
  {
    kernel: 'PadV2',
    emit: ({ graph, inputs: { x }, attrs: { paddings, constantValue } }) => {
      const pairs = paddings as [number, number][];
      const sides = [...pairs.map(([before]) => before), ...pairs.map(([, after]) => after)];
      const value = graph.scalar(constantValue, elementTypeOf(x.dtype));
      const name = graph.node('Pad', [graph.nameOf(x), graph.integers(sides), value]);
      return traced(
        name,
        x.shape.map((side, axis) => side + pairs[axis][0] + pairs[axis][1]),
        x.dtype,
      );
    },
  },
  {
    kernel: 'Reverse',
    emit: ({ graph, inputs: { x }, attrs: { dims } }) => {
      const axes = [dims].flat().map((axis: number) => (axis < 0 ? axis + x.shape.length : axis));
      const each = (value: number): string => graph.integers(axes.map(() => value));
      const name = graph.node('Slice', [graph.nameOf(x), each(-1), each(BEFORE_FIRST), graph.integers(axes), each(-1)]);
      return traced(name, x.shape, x.dtype);
    },
  },
  {
    kernel: 'OneHot',
    emit: ({ graph, inputs: { indices }, attrs: { depth, onValue = 1, offValue = 0, dtype } }) => {
      // ONNX Runtime has OneHot for int64 positions and float values only.
      const positions = graph.node('Cast', [graph.nameOf(indices)], { to: elementTypes.int64 });
      const values = graph.constant('float32', [offValue, onValue], [2]);
      const floats = graph.node('OneHot', [positions, graph.integers([depth]), values], { axis: -1 });
      const to = elementTypes[elementTypeOf(dtype ?? 'int32')];
      const name = to === elementTypes.float32 ? floats : graph.node('Cast', [floats], { to });
      return traced(name, [...indices.shape, depth], dtype ?? 'int32');
    },
  },
];
