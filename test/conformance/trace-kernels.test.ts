import { describe, expect, it } from 'vitest';
import * as tf from '#tfjs';
import { randomOf } from '../../src/core/random.js';
import type { Program, TensorSpec } from '../../src/engine/program.js';
import { traceKernels } from '../../src/engine/trace/kernels.js';
import { candidate, expectClose, onnx, randomInputs, runBoth } from '../helpers/engines.js';

interface Case {
  kernels: string[];
  shapes: number[][];
  run: (...inputs: tf.Tensor[]) => tf.Tensor;
  /** Values are drawn from here; the default crosses zero. */
  range?: readonly [number, number];
  /** Dtypes of the inputs, float32 unless told. */
  dtypes?: TensorSpec['dtype'][];
  /** Differentiable in its float inputs (the default), or not. */
  gradient?: boolean;
  /**
   * Linear in its one input: the gradient is held to <gradient, x> = <weights, value>, because the referee's own is
   * wrong (average pooling at the edges, resizing to the nearest).
   */
  linear?: boolean;
  /** TensorFlow's native binding lacks it: explicit padding, negative axes of gather. */
  onnxOnly?: boolean;
}

const pairs = [
  [[3], [3]],
  [[2, 3], [3]],
  [
    [2, 1, 4],
    [3, 1],
  ],
  [[2, 3, 4, 5], [5]],
  [[2, 3, 4, 5], []],
  [
    [2, 1, 1, 5],
    [2, 3, 4, 5],
  ],
];
const ranks = [[], [4], [2, 3], [2, 3, 4], [2, 3, 4, 5]];

const unary = (kernel: string, run: (x: tf.Tensor) => tf.Tensor, extra: Partial<Case> = {}): Case[] =>
  ranks.map((shape) => ({ kernels: [kernel], shapes: [shape], run, ...extra }));
const binary = (kernel: string, run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, extra: Partial<Case> = {}): Case[] =>
  pairs.map((shapes) => ({ kernels: [kernel], shapes, run, ...extra }));
const compare = (kernel: string, run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Case[] =>
  pairs.map((shapes) => ({ kernels: [kernel], shapes, run, gradient: false, dtypes: ['int32', 'int32'] }));
/** TensorFlow.js broadcasts these, but has their gradients only for equal shapes. */
const unbroadcast = (kernel: string, run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Case[] => [
  ...binary(kernel, run, { gradient: false }),
  {
    kernels: [kernel],
    shapes: [
      [2, 3, 4],
      [2, 3, 4],
    ],
    run,
  },
];
const positive = [0.1, 3] as const;
const inside = [-0.9, 0.9] as const;

const cases: Case[] = [
  ...unary('Relu', (x) => tf.relu(x)),
  ...unary('Sqrt', (x) => tf.sqrt(x), { range: positive }),
  ...unary('Exp', (x) => tf.exp(x)),
  ...unary('Log', (x) => tf.log(x), { range: positive }),
  ...unary('Neg', (x) => tf.neg(x)),
  ...unary('Cos', (x) => tf.cos(x)),
  ...unary('Sin', (x) => tf.sin(x)),
  ...unary('Acos', (x) => tf.acos(x), { range: inside }),
  ...unary('Abs', (x) => tf.abs(x)),
  ...unary('Sign', (x) => tf.sign(x)),
  ...unary('Sigmoid', (x) => tf.sigmoid(x)),
  ...unary('Tanh', (x) => tf.tanh(x)),
  ...unary('Reciprocal', (x) => tf.reciprocal(x), { range: positive }),
  ...unary('Square', (x) => tf.square(x)),
  ...unary('Rsqrt', (x) => tf.rsqrt(x), { range: positive }),
  ...unary('Step', (x) => tf.step(x), { gradient: false }),
  ...unary('Identity', (x) => tf.clone(x)),
  ...unary('Cast', (x) => tf.cast(tf.cast(x, 'int32'), 'float32'), { gradient: false }),
  ...unary('ClipByValue', (x) => tf.clipByValue(x, -0.5, 0.75)),
  ...unary('ZerosLike', (x) => tf.add(x, tf.zerosLike(x))),
  ...unary('OnesLike', (x) => tf.mul(x, tf.onesLike(x))),
  ...unary('Fill', (x) => tf.add(x, tf.fill(x.shape, 3))),
  ...binary('Add', tf.add),
  ...binary('Sub', tf.sub),
  ...binary('Multiply', tf.mul),
  ...binary('RealDiv', tf.div, { range: positive }),
  ...unbroadcast('Maximum', tf.maximum),
  ...unbroadcast('Minimum', tf.minimum),
  ...binary('Pow', tf.pow, { range: positive }),
  ...unbroadcast('SquaredDifference', tf.squaredDifference),
  ...compare('Equal', tf.equal),
  ...compare('NotEqual', tf.notEqual),
  ...compare('Greater', tf.greater),
  ...compare('GreaterEqual', tf.greaterEqual),
  ...compare('Less', tf.less),
  ...compare('LessEqual', tf.lessEqual),
  ...pairs.map((shapes): Case => ({
    kernels: ['LogicalAnd', 'LogicalOr', 'LogicalNot'],
    shapes,
    gradient: false,
    run: (a, b) => tf.logicalOr(tf.logicalAnd(tf.greater(a, 0), tf.greater(b, 0)), tf.logicalNot(tf.greater(a, b))),
  })),
  {
    kernels: ['Select'],
    shapes: [
      [2, 3],
      [2, 3],
    ],
    run: (a, b) =>
      tf.where(
        tf.tensor(
          [
            [1, 0, 1],
            [0, 0, 1],
          ],
          [2, 3],
          'bool',
        ),
        a,
        tf.mul(b, 2),
      ),
  },
  ...[[0], [1], [0, 1], undefined].flatMap((axis) =>
    [false, true].flatMap((keep): Case[] => [
      { kernels: ['Sum'], shapes: [[3, 4]], run: (x) => tf.sum(x, axis, keep) },
      { kernels: ['Sum', 'Square'], shapes: [[3, 4]], run: (x) => tf.sum(tf.square(x), axis, keep) },
      { kernels: ['Mean'], shapes: [[3, 4]], run: (x) => tf.mean(x, axis, keep) },
      { kernels: ['Max'], shapes: [[3, 4]], run: (x) => tf.max(x, axis, keep) },
      { kernels: ['Min'], shapes: [[3, 4]], run: (x) => tf.min(x, axis, keep) },
    ]),
  ),
  ...[[3], [0, 1, 2], [1, 2], [-1, 0]].map((axis): Case => ({
    kernels: ['Sum'],
    shapes: [[2, 3, 4, 5]],
    run: (x) => tf.sum(tf.relu(x), axis),
  })),
  ...unary('Softplus', (x) => tf.softplus(x)),
  ...unary('Elu', (x) => tf.elu(x)),
  { kernels: ['EluGrad'], shapes: [[3, 4]], run: (x) => tf.elu(x) },
  ...unary('LeakyRelu', (x) => tf.leakyRelu(x, 0.2)),
  { kernels: ['Prelu'], shapes: [[2, 3, 4], [4]], run: (x, alpha) => tf.prelu(x, alpha) },
  { kernels: ['Prelu'], shapes: [[2, 5, 4, 3], [3]], run: (x, alpha) => tf.prelu(x, alpha) },
  ...([1, 2, 3] as const).flatMap((stride) =>
    (['same', 'valid', 1] as const).flatMap((pad): Case[] => [
      {
        kernels: ['MaxPool', 'MaxPoolGrad'],
        onnxOnly: pad === 1,
        shapes: [[2, 7, 8, 3]],
        run: (x) => tf.maxPool(x as tf.Tensor4D, 3, stride, pad),
      },
      {
        kernels: ['AvgPool', 'AvgPoolGrad'],
        onnxOnly: pad === 1,
        linear: true,
        shapes: [[2, 7, 8, 3]],
        run: (x) => tf.avgPool(x as tf.Tensor4D, 3, stride, pad),
      },
    ]),
  ),
  {
    kernels: ['AvgPool', 'MaxPool', 'Conv2D'], // on blocked channels
    shapes: [
      [2, 8, 8, 16],
      [1, 1, 16, 16],
    ],
    run: (x, w) => {
      const y = tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same');
      return tf.add(tf.avgPool(y, 2, 2, 'same'), tf.maxPool(y, 2, 2, 'same'));
    },
  },
  ...[true, false].flatMap((align) =>
    (
      [
        [3, 4],
        [9, 11],
        [1, 5],
      ] as [number, number][]
    ).flatMap((size): Case[] => [
      {
        kernels: ['ResizeBilinear', 'ResizeBilinearGrad'],
        shapes: [[2, 6, 6, 3]],
        run: (x) => tf.image.resizeBilinear(x as tf.Tensor4D, size, align),
      },
      {
        kernels: ['ResizeNearestNeighbor', 'ResizeNearestNeighborGrad'],
        linear: true,
        shapes: [[2, 5, 6, 3]],
        run: (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size, align),
      },
      {
        kernels: ['ResizeBilinear', 'ResizeNearestNeighbor'],
        shapes: [[2, 5, 6, 3]],
        gradient: false,
        run: (x) =>
          tf.add(
            tf.image.resizeBilinear(x as tf.Tensor4D, size, false, true),
            tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size, false, true),
          ),
      },
    ]),
  ),
  {
    kernels: ['Conv2DBackpropInput', 'Conv2D', 'Conv2DBackpropFilter'], // a transposed convolution forward
    shapes: [
      [2, 4, 5, 3],
      [3, 3, 2, 3],
    ],
    run: (x, w) => tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [2, 8, 10, 2], 2, 'same'),
  },
  ...[0, 1, -1].map((axis): Case => ({
    kernels: ['GatherV2', 'UnsortedSegmentSum'],
    onnxOnly: axis < 0,
    shapes: [[3, 4, 5]],
    run: (x) => tf.gather(x, tf.tensor1d([2, 0, 2], 'int32'), axis),
  })),
  {
    kernels: ['ScatterNd'],
    shapes: [[3, 2]],
    gradient: false,
    run: (x) => tf.scatterND(tf.tensor2d([[1], [4], [1]], [3, 1], 'int32'), x, [5, 2]),
  },
  ...[0, 1].flatMap((axis) =>
    [true, false].map((flag): Case => ({
      kernels: ['Cumsum'],
      gradient: axis === 1, // TensorFlow.js transposes its gradient along other axes
      shapes: [[3, 4]],
      run: (x) => tf.cumsum(x, axis, flag, !flag),
    })),
  ),
  { kernels: ['TopK'], shapes: [[3, 6]], gradient: false, run: (x) => tf.topk(x, 2).values },
  { kernels: ['TopK'], shapes: [[3, 6]], gradient: false, run: (x) => tf.topk(x, 2).indices },
  { kernels: ['ArgMax'], shapes: [[3, 6]], gradient: false, run: (x) => tf.argMax(x, 1) },
  { kernels: ['ArgMin'], shapes: [[3, 6]], gradient: false, run: (x) => tf.argMin(x, 0) },
  ...[0, -1].flatMap((axis): Case[] => [
    {
      kernels: ['Concat', 'SplitV'],
      shapes: [
        [3, 4],
        [3, 4],
      ],
      run: (a, b) => tf.concat([a, b, a], axis),
    },
    {
      kernels: ['SplitV', 'Concat'],
      shapes: [[4, 4]],
      run: (x) => tf.mul(...(tf.split(x, 2, axis) as [tf.Tensor, tf.Tensor])),
    },
    {
      kernels: ['Pack', 'Unpack'],
      shapes: [
        [3, 4],
        [3, 4],
      ],
      run: (a, b) => tf.stack([a, b], axis),
    },
    {
      kernels: ['Unpack', 'Pack'],
      shapes: [[2, 2]],
      run: (x) => tf.mul(...(tf.unstack(x, axis) as [tf.Tensor, tf.Tensor])),
    },
  ]),
  ...(['reflect', 'symmetric'] as const).map((mode): Case => ({
    kernels: ['MirrorPad'],
    shapes: [[3, 4]],
    gradient: false,
    run: (x) =>
      tf.mirrorPad(
        x,
        [
          [1, 2],
          [0, 1],
        ],
        mode,
      ),
  })),
  {
    kernels: ['StridedSlice'],
    shapes: [[5, 6]],
    gradient: false,
    run: (x) => tf.stridedSlice(x, [0, 5], [5, 0], [2, -2]),
  },
  { kernels: ['Softmax'], shapes: [[3, 5]], run: (x) => tf.softmax(x) },
  { kernels: ['LogSoftmax'], shapes: [[3, 5]], run: (x) => tf.logSoftmax(x) },
  { kernels: ['Reshape'], shapes: [[2, 6]], run: (x) => tf.reshape(x, [3, -1]) },
  { kernels: ['Reshape', 'Relu'], shapes: [[2, 3, 4, 5]], run: (x) => tf.reshape(tf.relu(x), [2, -1]) },
  { kernels: ['ExpandDims'], shapes: [[2, 6]], run: (x) => tf.expandDims(x, 1) },
  { kernels: ['ExpandDims'], shapes: [[2, 6]], run: (x) => tf.expandDims(x, -1) },
  { kernels: ['Transpose'], shapes: [[2, 3, 4]], run: (x) => tf.transpose(x, [2, 0, 1]) },
  { kernels: ['Tile'], shapes: [[2, 3]], run: (x) => tf.tile(x, [2, 3]) },
  { kernels: ['Slice', 'PadV2'], shapes: [[3, 4, 5]], run: (x) => tf.slice(x, [1, 0, 2], [2, -1, 2]) },
  {
    kernels: ['PadV2', 'Slice'],
    shapes: [[3, 4]],
    run: (x) =>
      tf.pad(
        x,
        [
          [1, 0],
          [2, 3],
        ],
        0.5,
      ),
  },
  { kernels: ['Reverse'], shapes: [[2, 3, 4, 3]], run: (x) => tf.reverse(x, 2) },
  { kernels: ['Reverse'], shapes: [[4, 3]], run: (x) => tf.reverse(x, [0, 1]) },
  {
    kernels: ['OneHot'],
    shapes: [[4]],
    dtypes: ['int32'],
    gradient: false,
    run: (x) => tf.oneHot(x as tf.Tensor1D, 5),
  },
  ...[
    [[3, 4], [4, 2], false, false],
    [[4, 3], [4, 2], true, false],
    [[3, 4], [2, 4], false, true],
    [[4, 3], [2, 4], true, true],
    [[2, 3, 4], [2, 4, 2], false, false],
    [[2, 4, 3], [2, 2, 4], true, true],
  ].map(([a, b, ta, tb]): Case => ({
    kernels: ['BatchMatMul'],
    shapes: [a as number[], b as number[]],
    run: (x, y) => tf.matMul(x, y, ta as boolean, tb as boolean),
  })),
  ...([1, 2] as const).flatMap((stride) =>
    (['same', 'valid'] as const).flatMap((pad) =>
      [1, 3].flatMap((filter) =>
        [7, 8].map((side): Case => ({
          kernels: ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'],
          shapes: [
            [2, side, side + 1, 3],
            [filter, filter, 3, 4],
          ],
          run: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad),
        })),
      ),
    ),
  ),
  // Whole blocks of channels and batch: ONNX Runtime's direct convolutions.
  ...(
    [
      [[16, 8, 8, 16], [3, 3, 16, 32], 1, 'same'],
      [[16, 8, 6, 16], [3, 3, 16, 16], 2, 'same'],
      [[16, 8, 6, 16], [3, 3, 16, 16], 2, 1],
      [[16, 7, 9, 16], [3, 3, 16, 16], 2, 1],
      [[16, 6, 6, 32], [3, 3, 32, 16], 1, 'valid'],
      [[16, 6, 6, 16], [5, 5, 16, 16], 3, 2],
      [[16, 8, 8, 3], [3, 3, 3, 16], 2, 1],
      [[16, 8, 8, 3], [3, 3, 3, 16], 1, 'same'],
      [[16, 6, 6, 24], [3, 3, 24, 16], 1, 'same'],
      [[16, 8, 8, 16], [1, 1, 16, 32], 1, 'same'],
      [[16, 8, 8, 16], [1, 1, 16, 32], 2, 'valid'],
      [[16, 70, 60, 1], [3, 3, 1, 16], 1, 'same'],
      [[4, 8, 8, 16], [3, 3, 16, 16], 1, 'same'],
    ] as const
  ).map(([x, filter, stride, pad]): Case => ({
    kernels: ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'],
    onnxOnly: typeof pad === 'number',
    shapes: [[...x], [...filter]],
    run: (x, w) => tf.relu(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad)),
  })),
  ...(
    [
      [[2, 7, 8, 3], [3, 3, 3, 1], 1, 'same'],
      [[2, 7, 8, 3], [3, 3, 3, 2], 2, 'same'],
      [[2, 7, 8, 3], [3, 3, 3, 2], 1, 'valid'],
      [[3, 8, 6, 16], [3, 3, 16, 1], 1, 1],
      [[3, 8, 6, 16], [3, 3, 16, 1], 2, 1],
      [[3, 8, 6, 16], [3, 3, 16, 1], 2, 'same'],
      [[3, 7, 7, 32], [7, 7, 32, 1], 1, 'valid'],
      [[3, 7, 9, 16], [3, 3, 16, 1], 2, 'valid'],
      [[3, 8, 8, 16], [2, 2, 16, 1], 2, 'valid'],
    ] as const
  ).map(([x, filter, stride, pad]): Case => ({
    kernels: ['DepthwiseConv2dNative', 'DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'],
    onnxOnly: typeof pad === 'number',
    shapes: [[...x], [...filter]],
    run: (x, w) => tf.relu(tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad)),
  })),
  {
    kernels: ['Conv2D', 'Sum', 'Relu', 'Add'], // blocked activations met by sums, vectors and a residual
    shapes: [[16, 6, 6, 16], [3, 3, 16, 16], [16], [3, 3, 16, 16]],
    run: (x, w, bias, v) => {
      const y = tf.relu(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'));
      const z = tf.add(tf.conv2d(tf.add(y, bias) as tf.Tensor4D, v as tf.Tensor4D, 1, 'same'), y);
      const scaled = tf.mul(z, tf.sum(tf.square(z), [0, 1, 2]));
      return tf.add(scaled, tf.sum(z, [1, 2], true));
    },
  },
  {
    kernels: ['Conv2D'], // TensorFlow.js itself has no gradient of dilated convolutions
    shapes: [
      [2, 9, 9, 3],
      [3, 3, 3, 4],
    ],
    gradient: false,
    run: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same', 'NHWC', 2),
  },
  {
    kernels: ['Conv2D', 'Relu'], // two layers and a broadcast between: the stored layout travels
    shapes: [[2, 8, 8, 3], [3, 3, 3, 4], [4], [3, 3, 4, 2]],
    run: (x, w, bias, v) =>
      tf.conv2d(
        tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'same'), bias)) as tf.Tensor4D,
        v as tf.Tensor4D,
        1,
        'same',
      ),
  },
  {
    kernels: ['FusedBatchNorm'],
    shapes: [[2, 3, 4, 5], [5], [5], [5]],
    gradient: false,
    run: (x, mean, offset, scale) =>
      tf.batchNorm(
        x as tf.Tensor4D,
        mean as tf.Tensor1D,
        tf.ones([5]),
        offset as tf.Tensor1D,
        scale as tf.Tensor1D,
        0.01,
      ),
  },
  ...[true, false].map((plain): Case => ({
    kernels: ['FusedBatchNorm'],
    shapes: [[16, 4, 4, 16], [1, 1, 16, 16], [16], [16], [16]],
    gradient: false,
    run: (x, w, mean, offset, scale) =>
      tf.batchNorm(
        tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'),
        (plain ? tf.zeros([16]) : mean) as tf.Tensor1D,
        tf.ones([16]),
        offset as tf.Tensor1D,
        scale as tf.Tensor1D,
        plain ? 0 : 0.01,
      ),
  })),
];

/** Weighs the result's elements differently, so that a gradient sent to the wrong place is seen. */
const weigh = (x: tf.Tensor): tf.Tensor => {
  const weights = tf.tensor(
    Float32Array.from({ length: x.size }, (_, i) => Math.sin(i + 1)),
    x.shape,
  );
  return tf.sum(tf.mul(tf.cast(x, 'float32'), weights));
};

function programOf({ shapes, run, dtypes = [], gradient = true }: Case): Program {
  const names = shapes.map((_, i) => `in${i}`);
  const inputs = Object.fromEntries(
    shapes.map((shape, i) => [`in${i}`, { shape, dtype: dtypes[i] ?? ('float32' as const) }]),
  );
  return {
    inputs,
    state: {},
    body(given) {
      const values = names.map((name) => given[name]);
      if (!gradient) return { outputs: { value: tf.cast(run(...values), 'float32') } };
      const { grads } = tf.valueAndGrads((...x: tf.Tensor[]) => weigh(run(...x)) as tf.Scalar)(values);
      const gradients = Object.fromEntries(grads.map((grad, i) => [`gradient${i}`, grad]));
      return { outputs: { value: tf.add(run(...values), 0), ...gradients } };
    },
  };
}

const product = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);

describe('every kernel and its gradient agree with TensorFlow.js on its own CPU backend', () => {
  const applicable = cases.filter(({ onnxOnly }) => !onnxOnly || candidate === onnx);
  it.each(applicable.map((one) => [`${one.kernels.join(' ')} ${JSON.stringify(one.shapes)} ${one.run}`, one] as const))(
    '%s',
    async (name, one) => {
      const program = programOf(one);
      const inputs = randomInputs(program.inputs, randomOf('kernels', name), one.range);
      const [actual, expected] = await runBoth(program, inputs);
      if (!one.linear) return expectClose(actual, expected);
      expectClose({ value: actual.value }, { value: expected.value });
      const weights = actual.value.map((_, i) => Math.sin(i + 1));
      expect(product(actual.gradient0, inputs.in0)).toBeCloseTo(product(weights, actual.value), 3);
    },
  );

  it('covers every kernel of the registry', () => {
    const covered = new Set(cases.flatMap(({ kernels }) => kernels));
    expect(traceKernels.map(({ kernel }) => kernel).filter((kernel) => !covered.has(kernel))).toEqual([]);
  });
});
