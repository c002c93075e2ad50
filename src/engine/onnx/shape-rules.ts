import { sizeOf } from '../program.js';
import type { GraphNode } from './graph-node.js';

export type Shape = readonly number[];

/** What is known where a node stands. */
export interface Known {
  /** Shapes of its inputs. */
  shapes: readonly (Shape | undefined)[];
  /** Numbers of those inputs that are few and known. */
  values: readonly (readonly number[] | undefined)[];
}

/** The shape of a node's first output; undefined where it cannot be told. */
export type ShapeRule = (
  node: GraphNode,
  known: Known & { shapes: readonly [Shape, ...(Shape | undefined)[]] },
) => Shape | undefined;

const same: ShapeRule = (_, { shapes: [x] }) => x;

const broadcast: ShapeRule = (_, { shapes }) => {
  if (shapes.some((shape) => shape === undefined)) return undefined;
  const rank = shapes.reduce((most, shape) => Math.max(most, shape!.length), 0);
  return Array.from({ length: rank }, (_, axis) =>
    shapes.reduce((side, shape) => Math.max(side, shape![axis - rank + shape!.length] ?? 1), 1),
  );
};

/** Sides that a window leaves, for convolutions and pools. */
function windowed(node: GraphNode, sides: Shape, kernel: Shape): Shape | undefined {
  const { strides = [], dilations = [], pads = [] } = node.numbers;
  const auto = node.texts.auto_pad ?? 'NOTSET';
  const round = node.numbers.ceil_mode?.[0] === 1 ? Math.ceil : Math.floor;
  if (kernel.length !== sides.length) return undefined;
  return sides.map((side, i) => {
    const step = strides[i] ?? 1;
    if (auto.startsWith('SAME')) return Math.ceil(side / step);
    const around = auto === 'VALID' ? 0 : (pads[i] ?? 0) + (pads[i + sides.length] ?? 0);
    return round((side + around - ((kernel[i] - 1) * (dilations[i] ?? 1) + 1)) / step) + 1;
  });
}

const convolution: ShapeRule = (node, { shapes: [x, filters] }) => {
  const sides = filters && windowed(node, x.slice(2), filters.slice(2));
  return sides && [x[0], filters[0], ...sides];
};

const pool: ShapeRule = (node, { shapes: [x] }) => {
  const sides = windowed(node, x.slice(2), node.numbers.kernel_shape ?? []);
  return sides && [x[0], x[1], ...sides];
};

const globalPool: ShapeRule = (_, { shapes: [x] }) => [x[0], x[1], ...x.slice(2).map(() => 1)];

const turned = (shape: Shape, turn: number | undefined): Shape =>
  turn ? [...shape.slice(0, -2), ...shape.slice(-2).reverse()] : shape;

const product: ShapeRule = (node, { shapes: [x, y] }) => {
  if (!y || x.length < 2 || y.length < 2) return undefined;
  const [a, b] = [turned(x, node.numbers.transA?.[0]), turned(y, node.numbers.transB?.[0])];
  return [...(a.length >= b.length ? a : b).slice(0, -2), a[a.length - 2], b[b.length - 1]];
};

const flatten: ShapeRule = (node, { shapes: [x] }) => {
  const axis = node.numbers.axis?.[0] ?? 1;
  return [sizeOf(x.slice(0, axis)), sizeOf(x.slice(axis))];
};

const reshape: ShapeRule = (_, { shapes: [x], values: [, wanted] }) => {
  if (!wanted) return undefined;
  const sides = wanted.map((side, i) => (side === 0 ? (x[i] ?? 1) : side));
  const rest = sizeOf(x) / sizeOf(sides.filter((side) => side > 0));
  return sides.map((side) => (side === -1 ? rest : side));
};

const transpose: ShapeRule = (node, { shapes: [x] }) =>
  (node.numbers.perm ?? x.map((_, i) => x.length - 1 - i)).map((axis) => x[axis]);

const concat: ShapeRule = (node, { shapes }) => {
  const given = node.numbers.axis?.[0] ?? 0;
  const axis = given < 0 ? given + shapes[0].length : given;
  const along = shapes.reduce((sum, shape) => sum + (shape?.[axis] ?? NaN), 0);
  return shapes[0].map((side, i) => (i === axis ? along : side));
};

/** Axes of an attribute, or of the second input since opset 13; counted from the front. */
const axesOf = (node: GraphNode, { values }: Known, rank: number): Set<number> | undefined => {
  const axes = node.numbers.axes ?? values[1];
  return axes && new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
};

const squeeze: ShapeRule = (node, known) => {
  const [x] = known.shapes;
  const axes = axesOf(node, known, x.length);
  return x.filter((side, i) => (axes ? !axes.has(i) : side !== 1));
};

const unsqueeze: ShapeRule = (node, known) => {
  const [x] = known.shapes;
  const rank = x.length + (node.numbers.axes ?? known.values[1] ?? []).length;
  const axes = axesOf(node, known, rank);
  let next = 0;
  return axes && Array.from({ length: rank }, (_, i) => (axes.has(i) ? 1 : x[next++]));
};

const reduction: ShapeRule = (node, known) => {
  const [x] = known.shapes;
  const axes = axesOf(node, known, x.length) ?? new Set(x.keys());
  const keeps = (node.numbers.keepdims?.[0] ?? 1) === 1;
  return keeps ? x.map((side, i) => (axes.has(i) ? 1 : side)) : x.filter((_, i) => !axes.has(i));
};

const gather: ShapeRule = (node, { shapes: [x, indices] }) => {
  const given = node.numbers.axis?.[0] ?? 0;
  const axis = given < 0 ? given + x.length : given;
  return indices && [...x.slice(0, axis), ...indices, ...x.slice(axis + 1)];
};

const pad: ShapeRule = (node, { shapes: [x], values: [, given] }) => {
  const pads = node.numbers.pads ?? given;
  return pads && x.map((side, i) => side + (pads[i] ?? 0) + (pads[i + x.length] ?? 0));
};

const shapeItself: ShapeRule = (_, { shapes: [x] }) => [x.length];

const rules: readonly (readonly [ShapeRule, string])[] = [
  [
    same,
    'Relu LeakyRelu PRelu Elu Selu Gelu Sigmoid HardSigmoid HardSwish Mish Tanh Softplus Softmax LogSoftmax Erf Exp Log',
  ],
  [
    same,
    'Sqrt Neg Abs Reciprocal Clip Identity Cast Dropout BatchNormalization InstanceNormalization LayerNormalization',
  ],
  [same, 'LpNormalization CumSum LRN'],
  [broadcast, 'Add Sub Mul Div Pow Max Min'],
  [convolution, 'Conv'],
  [pool, 'MaxPool AveragePool'],
  [globalPool, 'GlobalAveragePool GlobalMaxPool'],
  [product, 'Gemm MatMul FusedMatMul'],
  [reduction, 'ReduceSum ReduceMean ReduceMax ReduceMin ReduceL2 ReduceSumSquare'],
  ...([
    [flatten, 'Flatten'],
    [reshape, 'Reshape'],
    [transpose, 'Transpose'],
    [concat, 'Concat'],
    [pad, 'Pad'],
  ] as const),
  ...([
    [squeeze, 'Squeeze'],
    [unsqueeze, 'Unsqueeze'],
    [gather, 'Gather'],
    [shapeItself, 'Shape'],
  ] as const),
];

/** Operators whose results have a shape that can be told without running them. */
export const shapeRules: ReadonlyMap<string, ShapeRule> = new Map(
  rules.flatMap(([rule, names]) => names.split(' ').map((name) => [name, rule] as const)),
);
