/**
 * Where a rank-4 tensor lies in memory, as the permutation from TensorFlow.js's order (its logical order) to the
 * stored one. Convolutions want their activations and filters in ONNX's order; everything element by element works in
 * any order, so a transpose is written only where two orders meet.
 */
export type Layout = 'logical' | 'nchw' | 'oihw';

const permutations: Record<Layout, readonly number[]> = {
  logical: [0, 1, 2, 3],
  nchw: [0, 3, 1, 2], // from (N, H, W, C)
  oihw: [3, 2, 0, 1], // from (H, W, I, O)
};

/** Permutation that takes `from` to `to`. */
export function permutationBetween(from: Layout, to: Layout): number[] {
  return permutations[to].map((axis) => permutations[from].indexOf(axis));
}

/** `shape` as stored under `layout`. */
export const storedShape = (shape: readonly number[], layout: Layout): number[] =>
  layout === 'logical' ? [...shape] : permutations[layout].map((axis) => shape[axis]);

/** Logical `axes` as stored under `layout`, ascending. */
export const storedAxes = (axes: readonly number[], layout: Layout): number[] =>
  layout === 'logical' ? [...axes] : axes.map((axis) => permutations[layout].indexOf(axis)).sort((a, b) => a - b);

/** Values of a rank-4 tensor moved from one layout to another. */
export function relayout<T extends Float32Array | Int32Array | Uint8Array>(
  values: T,
  shape: readonly number[],
  from: Layout,
  to: Layout,
): T {
  if (from === to) return values;
  const source = storedShape(shape, from);
  const permutation = permutationBetween(from, to);
  const target = permutation.map((axis) => source[axis]);
  const strides = [source[1] * source[2] * source[3], source[2] * source[3], source[3], 1];
  const [s0, s1, s2, s3] = permutation.map((axis) => strides[axis]);
  const moved = values.slice() as T;
  let next = 0;
  for (let a = 0; a < target[0]; a++)
    for (let b = 0; b < target[1]; b++)
      for (let c = 0; c < target[2]; c++)
        for (let d = 0; d < target[3]; d++) moved[next++] = values[a * s0 + b * s1 + c * s2 + d * s3];
  return moved;
}
