import * as tf from '#tfjs';
import { elementwiseLayer, type LayerMaker, type MapShape } from '../layer.js';
import { prelu, relu } from '../layers/activation.js';
import { batchNorm, VARIANCE_FLOOR } from '../layers/batch-norm.js';
import { dense } from '../layers/dense.js';
import {
  type ForeignNode,
  ImportError,
  layerStep,
  type Operator,
  startingAt,
  type Step,
  turned,
  weightAt,
} from './operator.js';
import { windowOperators } from './window-operators.js';

/** A number a channel as (C), from one of them all or from (C, 1, 1); (C) for rows. */
function perChannel(foreign: ForeignNode, i: number, { side, channels }: MapShape): Float32Array {
  const { shape, values } = weightAt(foreign, i);
  if (values.length === 1) return new Float32Array(channels).fill(values[0]);
  const fromEnd = shape.length - shape.indexOf(channels);
  if (values.length === channels && (fromEnd === 3 || (side === 1 && fromEnd === 1))) return values;
  throw new ImportError(
    foreign.node,
    `its constant "${foreign.node.inputs[i]}" (${shape.join(' x ')}) is none a channel`,
  );
}

function batchNormStep(foreign: ForeignNode): Step {
  const { name, node } = foreign;
  const [scale, shift, mean, variance] = [1, 2, 3, 4].map((i) => weightAt(foreign, i).values);
  // Another floor under the variance is made up for in the variance itself.
  const floor = (node.fractions.epsilon ?? 1e-5) - VARIANCE_FLOOR;
  return layerStep(
    foreign,
    startingAt(batchNorm(name), {
      ...{ [`${name}.scale`]: scale, [`${name}.shift`]: shift, [`${name}.mean`]: mean },
      [`${name}.variance`]: variance.map((value) => value + floor),
    }),
  );
}

function preluStep(foreign: ForeignNode): Step {
  const slope = perChannel(foreign, 1, foreign.shapes[0]);
  return layerStep(foreign, startingAt(prelu(foreign.name), { [foreign.name]: slope }));
}

const leakyRelu = (slope: number): LayerMaker =>
  elementwiseLayer((x) => tf.relu(x).sub<tf.Tensor4D>(tf.relu(tf.neg(x)).mul(slope)));

/** Two values, or a value and a constant a channel, which stays as it is in training. */
function pointStep(foreign: ForeignNode, compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Step {
  const { node, name, shapes, weights } = foreign;
  const [x, y = x] = shapes;
  const fits = x.channels === y.channels && (x.side === y.side || x.side === 1 || y.side === 1);
  if (shapes.length > 2 || !fits) throw new ImportError(node, 'its inputs differ in shape');
  const at = weights.findIndex((weight) => weight !== undefined);
  const output = { side: Math.max(x.side, y.side), channels: x.channels };
  if (shapes.length === 2)
    return { parameters: {}, multiplies: 0, output, forward: ([a, b]) => compute(a, b) as tf.Tensor4D };
  const values = perChannel(foreign, Math.max(at, 0), x);
  return {
    parameters: { [name]: { shape: [x.channels], init: { values }, trainable: false, decay: false } },
    ...{ multiplies: 0, output },
    forward: ([a], pass) => (at === 0 ? compute(pass.weights[name], a) : compute(a, pass.weights[name])) as tf.Tensor4D,
  };
}

/** x W + b of rows. */
function productStep(foreign: ForeignNode): Step {
  const { node, name } = foreign;
  const { alpha = 1, beta = 1 } = node.fractions;
  const factors = weightAt(foreign, 1);
  if (factors.shape.length !== 2 || node.numbers.transA?.[0] || foreign.shapes[0]?.side !== 1)
    throw new ImportError(node, 'it is no product of rows and a matrix');
  const axes = node.numbers.transB?.[0] ? [1, 0] : [0, 1];
  const size = factors.shape[axes[1]];
  const bias = Boolean(node.inputs[2]);
  return layerStep(
    foreign,
    startingAt(dense(name, size, { bias }), {
      [name]: turned(factors, axes).map((value) => value * alpha),
      ...(bias && {
        [`${name}.bias`]: perChannel(foreign, 2, { side: 1, channels: size }).map((value) => value * beta),
      }),
    }),
  );
}

/** Maps as rows, in ONNX's order: channel by channel. */
const flatten: LayerMaker = ({ side, channels }) => ({
  ...{ parameters: {}, multiplies: 0, output: { side: 1, channels: side * side * channels } },
  forward: (x) =>
    (side === 1 ? x : tf.transpose(x, [0, 3, 1, 2])).reshape<tf.Tensor4D>([x.shape[0], 1, 1, side * side * channels]),
});

/** A change of shape: maps become rows, or rows maps of one position, which are the same to us. */
function reshapeStep(foreign: ForeignNode): Step {
  const { node, integers, shapes } = foreign;
  const [{ side, channels }] = shapes;
  const length = side * side * channels;
  const wanted = integers[1]?.slice(1).filter((size) => size !== 1);
  const isRow = wanted?.length === 1 && [-1, length, ...(side === 1 ? [0] : [])].includes(wanted[0]);
  if (!isRow) throw new ImportError(node, 'only maps become rows, and rows maps of one position');
  return layerStep(foreign, flatten);
}

function flattenStep(foreign: ForeignNode): Step {
  if ((foreign.node.numbers.axis?.[0] ?? 1) !== 1) throw new ImportError(foreign.node, 'it joins images');
  return layerStep(foreign, flatten);
}

/** Sides of one that come or go. */
function sameNumbersStep(foreign: ForeignNode): Step {
  if (foreign.shapes[0]?.side !== 1) throw new ImportError(foreign.node, 'its input is no row');
  return layerStep(foreign, flatten);
}

const elementwise = (op: string, layer: (foreign: ForeignNode) => LayerMaker): Operator => ({
  op,
  step: (foreign) => layerStep(foreign, layer(foreign)),
});

/** Every operator that can be imported: one entry each. */
export const operators: readonly Operator[] = [
  ...windowOperators,
  elementwise('Relu', relu),
  elementwise('LeakyRelu', ({ node }) => leakyRelu(node.fractions.alpha ?? 0.01)),
  elementwise('Sigmoid', () => elementwiseLayer((x) => tf.sigmoid(x))),
  elementwise('Dropout', () => elementwiseLayer((x) => x)),
  { op: 'PRelu', step: preluStep },
  { op: 'BatchNormalization', step: batchNormStep },
  { op: 'Add', step: (foreign) => pointStep(foreign, (a, b) => a.add(b)) },
  { op: 'Sub', step: (foreign) => pointStep(foreign, (a, b) => a.sub(b)) },
  { op: 'Mul', step: (foreign) => pointStep(foreign, (a, b) => a.mul(b)) },
  { op: 'Div', step: (foreign) => pointStep(foreign, (a, b) => a.div(b)) },
  { op: 'Gemm', step: productStep },
  { op: 'MatMul', step: productStep },
  { op: 'Flatten', step: flattenStep },
  { op: 'Reshape', step: reshapeStep },
  { op: 'Squeeze', step: sameNumbersStep },
  { op: 'Unsqueeze', step: sameNumbersStep },
];
