import type { GraphBuilder, TracedValue } from '../graph-builder.js';
import { type KernelCall, type KernelEntry, traced } from '../kernel.js';
import { range } from './convolution-shape.js';

interface Sampling {
  alignCorners: boolean;
  halfPixelCenters?: boolean;
}

/** Weights of each new row's old rows, (new, old): resizing is a product with one such matrix a side. */
type Weights = (from: number, to: number, sampling: Sampling) => Float32Array;

const ratioOf = (from: number, to: number, alignCorners: boolean): number =>
  alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;

const bilinear: Weights = (from, to, { alignCorners, halfPixelCenters }) => {
  const weights = new Float32Array(to * from);
  const ratio = ratioOf(from, to, alignCorners);
  for (const at of range(to)) {
    const place = halfPixelCenters ? ratio * (at + 0.5) - 0.5 : ratio * at;
    const [low, high] = [Math.max(0, Math.floor(place)), Math.min(from - 1, Math.max(0, Math.ceil(place)))];
    weights[at * from + low] += 1 - (place - low);
    weights[at * from + high] += place - low;
  }
  return weights;
};

const nearest: Weights = (from, to, { alignCorners, halfPixelCenters }) => {
  const weights = new Float32Array(to * from);
  const ratio = ratioOf(from, to, alignCorners);
  for (const at of range(to)) {
    const place = halfPixelCenters ? ratio * (at + 0.5) : ratio * at;
    const old = Math.min(from - 1, Math.max(0, alignCorners ? Math.round(place) : Math.floor(place)));
    weights[at * from + old] = 1;
  }
  return weights;
};

/** rows (H', H) . x (N, C, H, W) . columns' (W, W'); the gradient has both matrices the other way round. */
function product(
  graph: GraphBuilder,
  x: TracedValue,
  [rows, columns]: readonly [Float32Array, Float32Array],
  [height, width]: readonly number[],
  back: boolean,
): TracedValue {
  const [count, oldHeight, oldWidth, channels] = x.shape;
  const turn = (name: string, turned: boolean): string => (turned ? graph.transpose(name, [1, 0]) : name);
  const matrix = (values: Float32Array, to: number, from: number): string =>
    graph.constant('float32', values, back ? [from, to] : [to, from]);
  const left = turn(matrix(rows, height, oldHeight), back);
  const right = turn(matrix(columns, width, oldWidth), !back);
  const wide = graph.node('MatMul', [graph.nameOf(x, 'nchw'), right]);
  return traced(graph.node('MatMul', [left, wide]), [count, height, width, channels], 'float32', 'nchw');
}

const resize = (kernel: string, weights: Weights): KernelEntry[] => [
  {
    kernel,
    emit: ({ graph, inputs: { images }, attrs }: KernelCall) => {
      const { size, ...sampling } = attrs as Sampling & { size: [number, number] };
      const [, height, width] = images.shape;
      const matrices = [weights(height, size[0], sampling), weights(width, size[1], sampling)] as const;
      return product(graph, images, matrices, size, false);
    },
  },
  {
    kernel: `${kernel}Grad`,
    emit: ({ graph, inputs: { images, dy }, attrs }: KernelCall) => {
      const sampling = attrs as Sampling;
      const [, height, width] = images.shape;
      const matrices = [weights(height, dy.shape[1], sampling), weights(width, dy.shape[2], sampling)] as const;
      return product(graph, dy, matrices, [height, width], true);
    },
  },
];

export const resizeKernels: KernelEntry[] = [
  ...resize('ResizeBilinear', bilinear),
  ...resize('ResizeNearestNeighbor', nearest),
];
