/**
 * Where a rank-4 tensor lies in memory. TensorFlow.js's own order is the logical one; convolutions want others, and a
 * tensor is moved only where two layouts meet.
 *
 * - `nchw`, `oihw`, `chw`: activations, filters and depthwise filters in ONNX's order;
 * - `nchwc`: activations whose channels come in blocks of b, (N, C/b, H, W, b): what ONNX Runtime's direct convolutions
 *   work on. b is the machine's vector width, 8 or 16;
 * - `oihwio`, `oihwo`, `chwc`: filters for these, blocked in both channels, in the outgoing, or depthwise.
 */
export type Layout = 'logical' | 'nchw' | 'oihw' | 'chw' | 'nchwc' | 'oihwio' | 'oihwo' | 'chwc';

interface LayoutForm {
  /** Logical axes in stored order. */
  order: readonly number[];
  /** Logical axes split into blocks, whose inner parts come last, in this order. */
  blocked: readonly number[];
}

const forms: Record<Layout, LayoutForm> = {
  logical: { order: [0, 1, 2, 3], blocked: [] },
  nchw: { order: [0, 3, 1, 2], blocked: [] }, // from (N, H, W, C)
  nchwc: { order: [0, 3, 1, 2], blocked: [3] },
  oihw: { order: [3, 2, 0, 1], blocked: [] }, // from (H, W, I, O)
  oihwo: { order: [3, 2, 0, 1], blocked: [3] },
  oihwio: { order: [3, 2, 0, 1], blocked: [2, 3] },
  chw: { order: [2, 3, 0, 1], blocked: [] }, // from (H, W, C, multiplier)
  chwc: { order: [2, 3, 0, 1], blocked: [2] },
};

export const isBlocked = (layout: Layout): boolean => forms[layout].blocked.length > 0;

/** The same order of axes without blocks: where a blocked value has to be to be broadcast against others. */
export const unblocked = (layout: Layout): Layout =>
  layout === 'logical'
    ? layout
    : (['nchw', 'oihw', 'chw'] as const).find((plain) => forms[plain].order.join() === forms[layout].order.join())!;

/** `shape` as ONNX is told it under `layout`; blocks do not show. */
export const storedShape = (shape: readonly number[], layout: Layout): number[] =>
  layout === 'logical' ? [...shape] : forms[layout].order.map((axis) => shape[axis]);

/** Logical `axes` as stored under an unblocked `layout`, ascending. */
export const storedAxes = (axes: readonly number[], layout: Layout): number[] =>
  layout === 'logical' ? [...axes] : axes.map((axis) => forms[layout].order.indexOf(axis)).sort((a, b) => a - b);

/** How to move a tensor: reshape to `split`, transpose by `permutation`. */
export interface Move {
  split: number[];
  permutation: number[];
}

/** A piece of an axis: the whole of it, or the blocks' number or their insides. */
type Atom = `${number}${'' | 'outer' | 'inner'}`;

/** The move from one layout to another of a tensor whose logical shape is `shape`, with blocks of `block`. */
export function moveBetween(shape: readonly number[], from: Layout, to: Layout, block: number): Move {
  const split = new Set([...forms[from].blocked, ...forms[to].blocked]);
  const atomsOf = ({ order, blocked }: LayoutForm): Atom[] => [
    ...order.flatMap((axis): Atom[] =>
      blocked.includes(axis) ? [`${axis}outer`] : split.has(axis) ? [`${axis}outer`, `${axis}inner`] : [`${axis}`],
    ),
    ...blocked.map((axis): Atom => `${axis}inner`),
  ];
  const sizeOfAtom = (atom: Atom): number => {
    const side = shape[Number.parseInt(atom)];
    return atom.endsWith('outer') ? side / block : atom.endsWith('inner') ? block : side;
  };
  const source = atomsOf(forms[from]);
  return { split: source.map(sizeOfAtom), permutation: atomsOf(forms[to]).map((atom) => source.indexOf(atom)) };
}

/** Values of a rank-4 tensor moved from one layout to another. */
export function relayout<T extends Float32Array | Int32Array | Uint8Array>(
  values: T,
  shape: readonly number[],
  from: Layout,
  to: Layout,
  block = 1,
): T {
  if (from === to) return values;
  const { split, permutation } = moveBetween(shape, from, to, block);
  const strides = split.map((_, axis) => split.slice(axis + 1).reduce((a, b) => a * b, 1));
  const sides = permutation.map((axis) => split[axis]);
  const steps = permutation.map((axis) => strides[axis]);
  const moved = values.slice() as T;
  let next = 0;
  const walk = (depth: number, offset: number): void => {
    const [side, step] = [sides[depth], steps[depth]];
    if (depth === sides.length - 1) for (let i = 0; i < side; i++) moved[next++] = values[offset + i * step];
    else for (let i = 0; i < side; i++) walk(depth + 1, offset + i * step);
  };
  walk(0, 0);
  return moved;
}
