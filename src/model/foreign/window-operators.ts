import * as tf from '#tfjs';
import { elementwiseLayer, type LayerMaker, sequence } from '../layer.js';
import { convolution, depthwise } from '../layers/convolution.js';
import { type ForeignNode, ImportError, layerStep, type Operator, startingAt, turned, weightAt } from './operator.js';

/** The window of a convolution or a pool: square, as maps are. */
interface Window {
  kernel: number;
  stride: number;
  /** Top, left, bottom, right. */
  pads: [number, number, number, number];
}

/** @throws ImportError when it is not square */
function windowOf({ node, shapes }: ForeignNode, kernel: readonly number[]): Window {
  const { strides = [1, 1], dilations = [1, 1], pads = [0, 0, 0, 0], ceil_mode: ceil } = node.numbers;
  const auto = node.texts.auto_pad ?? 'NOTSET';
  if (kernel.length !== 2 || kernel[0] !== kernel[1] || strides[0] !== strides[1])
    throw new ImportError(node, `its window is ${kernel.join(' x ')} with steps ${strides.join(' x ')}, not square`);
  if (dilations.some((side) => side !== 1))
    throw new ImportError(node, `its window has gaps (${dilations.join(' x ')})`);
  const [side, step, size] = [shapes[0].side, strides[0], kernel[0]];
  const missing = Math.max((Math.ceil(side / step) - 1) * step + size - side, 0);
  const [less, more] = [Math.floor(missing / 2), Math.ceil(missing / 2)];
  const around: Record<string, readonly number[]> = {
    ...{ NOTSET: pads, VALID: [0, 0, 0, 0] },
    ...{ SAME_UPPER: [less, less, more, more], SAME_LOWER: [more, more, less, less] },
  };
  const [top, left, bottom, right] = around[auto] ?? [];
  if (!(top + bottom === left + right))
    throw new ImportError(node, `its edges (${auto}, ${pads.join()}) are not square`);
  if (ceil?.[0] && (side + top + bottom - size) % step !== 0) throw new ImportError(node, 'it rounds its sides up');
  return { kernel: size, stride: step, pads: [top, left, bottom, right] };
}

const isEven = ({ pads }: Window): boolean => pads.every((pad) => pad === pads[0]);

/** Zeros around maps, where they are not the same on all sides. */
const zeroEdges =
  ([top, left, bottom, right]: Window['pads']): LayerMaker =>
  ({ side, channels }) => ({
    ...{ parameters: {}, multiplies: 0, output: { side: side + top + bottom, channels } },
    forward: (x) => tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]), // prettier-ignore
  });

/** A convolution of one group, or one filter a channel. */
function convolutionStep(node: ForeignNode) {
  const { name, shapes } = node;
  const filters = weightAt(node, 1);
  const [out, perGroup] = filters.shape;
  const group = node.node.numbers.group?.[0] ?? 1;
  const window = windowOf(node, filters.shape.slice(2));
  const { kernel, stride } = window;
  const bias = Boolean(node.node.inputs[2]);
  const options = { filters: out, kernel, stride, bias, pad: isEven(window) ? window.pads[0] : ('valid' as const) };
  const isDepthwise = group > 1 && group === out && perGroup === 1 && shapes[0]?.channels === group;
  if (group !== 1 && !isDepthwise)
    throw new ImportError(node.node, `it has ${group} groups; one, or one a channel, can be`);
  const make = isDepthwise ? depthwise(name, options) : convolution(name, options);
  return layerStep(
    node,
    sequence(
      ...(isEven(window) ? [] : [zeroEdges(window.pads)]),
      startingAt(make, {
        [name]: turned(filters, isDepthwise ? [2, 3, 0, 1] : [2, 3, 1, 0]), // (O, I, h, w) to (h, w, I, O)
        ...(bias && { [`${name}.bias`]: weightAt(node, 2).values }),
      }),
    ),
  );
}

function poolStep(node: ForeignNode, pool: typeof tf.maxPool) {
  const window = windowOf(node, node.node.numbers.kernel_shape ?? []);
  const [pad] = window.pads;
  if (!isEven(window)) throw new ImportError(node.node, `its edges (${window.pads.join()}) differ`);
  if (pad > 0 && node.node.numbers.count_include_pad?.[0]) throw new ImportError(node.node, 'it counts its edges');
  const { kernel, stride } = window;
  return layerStep(node, ({ side, channels }) => ({
    ...{ parameters: {}, multiplies: 0 },
    output: { side: Math.floor((side + 2 * pad - kernel) / stride) + 1, channels },
    forward: (x) => pool(x, kernel, stride, pad),
  }));
}

/** Means over all positions, (N, H, W, C) -> (N, 1, 1, C). */
const globalMean: LayerMaker = ({ side, channels }) => ({
  ...{ parameters: {}, multiplies: 0, output: { side: 1, channels } },
  forward: (x) => x.sum([1, 2], true).div<tf.Tensor4D>(side * side),
});

/** Operators whose results see a window of positions. */
export const windowOperators: readonly Operator[] = [
  { op: 'Conv', step: convolutionStep },
  { op: 'MaxPool', step: (node) => poolStep(node, tf.maxPool) },
  { op: 'AveragePool', step: (node) => poolStep(node, tf.avgPool) },
  { op: 'GlobalAveragePool', step: (node) => layerStep(node, globalMean) },
  {
    op: 'Identity',
    step: (node) =>
      layerStep(
        node,
        elementwiseLayer((x) => x),
      ),
  },
];
