import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '#tfjs';
import { backbones } from '../../src/model/backbones.js';
import type { Layer, LayerMaker, Pass } from '../../src/model/layer.js';
import { elementwiseLayer } from '../../src/model/layer.js';
import { prelu, relu } from '../../src/model/layers/activation.js';
import { batchNorm } from '../../src/model/layers/batch-norm.js';
import { convolution, depthwise } from '../../src/model/layers/convolution.js';
import { dense } from '../../src/model/layers/dense.js';
import { dropout } from '../../src/model/layers/dropout.js';
import { residual } from '../../src/model/layers/residual.js';
import { squeezeExcite } from '../../src/model/layers/squeeze-excite.js';
import '../helpers/engines.js';

beforeAll(() => tf.setBackend('cpu'));

type Weights = Record<string, number[]>;

const passOf = (layer: Layer, weights: Weights, training: boolean, mask?: number[]): Pass => ({
  ...{ training, statistics: {} },
  weights: Object.fromEntries(
    Object.entries(weights).map(([name, values]) => [name, tf.tensor(values, layer.parameters[name].shape)]),
  ),
  ...(mask && { dropout: tf.tensor2d(mask, [1, mask.length]) }),
});
/** What a layer makes of maps of `shape` (N, H, W, C). */
function valueOf(layer: Layer, pass: Pass, values: number[], shape: [number, number, number, number]): number[] {
  return [...layer.forward(tf.tensor4d(values, shape), pass).dataSync()];
}
function expectNumbers(actual: ArrayLike<number>, expected: readonly number[], digits = 4): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, digits));
}

describe('batch norm', () => {
  const layer = batchNorm('n')({ side: 2, channels: 2 });
  const weights = { 'n.scale': [2, 1], 'n.shift': [0.5, 0], 'n.mean': [10, -10], 'n.variance': [4, 9] };
  /** The first channel has mean 4 and variance 5, the second mean 0 and variance 1. */
  const x = [1, -1, 3, 1, 5, -1, 7, 1];

  it('normalises by the batch when it trains', () => {
    const z = [-3, -1, 1, 3].map((off) => off / Math.sqrt(5 + 1e-5));
    const y = valueOf(layer, passOf(layer, weights, true), x, [1, 2, 2, 2]);
    expectNumbers(
      y.filter((_, at) => at % 2 === 0),
      z.map((value) => 2 * value + 0.5),
    );
    expectNumbers(
      y.filter((_, at) => at % 2 === 1),
      [-1, 1, -1, 1],
      3,
    );
  });

  it('moves its running statistics a tenth of the way to those of the batch, as PyTorch does', () => {
    const pass = passOf(layer, weights, true);
    valueOf(layer, pass, x, [1, 2, 2, 2]);
    expectNumbers(pass.statistics['n.mean'].dataSync(), [10 + 0.1 * (4 - 10), -10 + 0.1 * (0 + 10)]);
    expectNumbers(pass.statistics['n.variance'].dataSync(), [4 + 0.1 * (5 - 4), 9 + 0.1 * (1 - 9)]);
  });

  it('normalises by the running statistics when it embeds, and leaves them alone', () => {
    const pass = passOf(layer, weights, false);
    const y = valueOf(layer, pass, x, [1, 2, 2, 2]);
    expectNumbers(
      y,
      x.map((value, at) => (at % 2 === 0 ? (2 * (value - 10)) / 2 + 0.5 : (value + 10) / 3)),
    );
    expect(pass.statistics).toEqual({});
  });
});

describe('weight decay', () => {
  const layers: Record<string, LayerMaker> = {
    ...Object.fromEntries(backbones.map(({ name, build }) => [name, () => build({ size: 32, embeddingSize: 8 })])),
    'a convolution with a bias': convolution('c', { filters: 3, bias: true }),
    'a dense layer with a bias': dense('d', 3, { bias: true }),
    PReLU: prelu('p'),
  };
  it.each(Object.entries(layers))('shrinks filters and matrices, no bias, scale, shift or slope: %s', (_, make) => {
    for (const [name, { shape, trainable, decay }] of Object.entries(make({ side: 8, channels: 3 }).parameters))
      expect([name, decay]).toEqual([name, trainable && shape.length > 1]);
  });
});

describe('convolutions', () => {
  it.each([
    [5, 2, 'same', 3],
    [6, 2, 'same', 3],
    [5, 1, 'same', 5],
    [5, 2, 1, 3],
    [6, 2, 1, 3],
    [6, 1, 'valid', 4],
  ] as const)(
    'of 3 x 3, side %i, stride %i, padding %s: say the side that they have, %i',
    (side, stride, pad, output) => {
      for (const make of [convolution('c', { filters: 1, stride, pad }), depthwise('c', { stride, pad })]) {
        const layer = make({ side, channels: 1 });
        const pass = passOf(layer, { c: [1, 1, 1, 1, 1, 1, 1, 1, 1] }, false);
        expect(layer.output.side).toBe(output);
        expect(valueOf(layer, pass, new Array<number>(side * side).fill(1), [1, side, side, 1])).toHaveLength(
          output ** 2,
        );
      }
    },
  );
});

describe('activations', () => {
  const x = [-2, -0.5, 0.25, 3];
  const gradientsOf = (layer: Layer, weights: Weights): { x: number[]; weights: number[] } => {
    const names = Object.keys(weights);
    const { grads } = tf.valueAndGrads((input: tf.Tensor, ...own: tf.Tensor[]) => {
      const pass = { ...passOf(layer, {}, true), weights: Object.fromEntries(names.map((name, i) => [name, own[i]])) };
      return layer
        .forward(input as tf.Tensor4D, pass)
        .mul(tf.tensor4d([1, 10, 100, 1000], [1, 2, 2, 1]))
        .sum();
    })([tf.tensor4d(x, [1, 2, 2, 1]), ...names.map((name) => tf.tensor1d(weights[name]))]);
    return { x: [...grads[0].dataSync()], weights: grads.slice(1).flatMap((grad) => [...grad.dataSync()]) };
  };

  it('ReLU is max(x, 0), with no gradient below zero', () => {
    const layer = relu()({ side: 2, channels: 1 });
    expectNumbers(valueOf(layer, passOf(layer, {}, true), x, [1, 2, 2, 1]), [0, 0, 0.25, 3]);
    expectNumbers(gradientsOf(layer, {}).x, [0, 0, 100, 1000]);
  });

  it('PReLU is x above zero and its slope times x below, alike when it trains and when it embeds', () => {
    const layer = prelu('p')({ side: 2, channels: 1 });
    for (const training of [true, false])
      expectNumbers(valueOf(layer, passOf(layer, { p: [0.2] }, training), x, [1, 2, 2, 1]), [-0.4, -0.1, 0.25, 3]);
  });

  it("PReLU's gradients are those of its formula", () => {
    const found = gradientsOf(prelu('p')({ side: 2, channels: 1 }), { p: [0.2] });
    expectNumbers(found.x, [0.2 * 1, 0.2 * 10, 100, 1000], 3);
    expectNumbers(found.weights, [-2 * 1 - 0.5 * 10], 3);
  });
});

describe('dropout', () => {
  const layer = dropout()({ side: 1, channels: 3 });
  const of = (training: boolean, mask?: number[]): number[] =>
    valueOf(layer, passOf(layer, {}, training, mask), [1, 2, 3], [1, 1, 1, 3]);

  it('multiplies by the mask of the step when it trains, and does nothing when it embeds', () => {
    expect(of(true, [0, 2, 2])).toEqual([0, 4, 6]);
    expect(of(false, [0, 2, 2])).toEqual([1, 2, 3]);
    expect(of(true)).toEqual([1, 2, 3]);
  });
});

describe('squeeze-and-excitation', () => {
  it('weighs each channel by a sigmoid of two dense layers on the means of all', () => {
    const layer = squeezeExcite('e', 2)({ side: 2, channels: 2 });
    const weights = { 'e.squeeze': [0.5, 0.25], 'e.excite': [1, -2] };
    const x = [1, 8, 3, 8, 5, 0, 7, 0]; // means 4 and 4
    const squeezed = 0.5 * 4 + 0.25 * 4;
    const gates = [1, -2].map((weight) => 1 / (1 + Math.exp(-weight * squeezed)));
    expectNumbers(
      valueOf(layer, passOf(layer, weights, false), x, [1, 2, 2, 2]),
      x.map((value, at) => value * gates[at % 2]),
    );
  });
});

describe('a residual block', () => {
  const times = (factor: number): LayerMaker => elementwiseLayer((x) => x.mul(factor));
  const of = (make: LayerMaker): number[] => {
    const layer = make({ side: 1, channels: 2 });
    return valueOf(layer, passOf(layer, {}, false), [1, 2], [1, 1, 1, 2]);
  };

  it('adds what it is given to what it makes of it, or what its shortcut makes', () => {
    expect(of(residual(times(10)))).toEqual([11, 22]);
    expect(of(residual(times(10), times(100)))).toEqual([110, 220]);
  });
});

describe('a dense layer', () => {
  it('is a product with its matrix and a bias', () => {
    const layer = dense('d', 2, { bias: true })({ side: 1, channels: 3 });
    const weights = { d: [1, 10, 2, 20, 3, 30], 'd.bias': [0.5, -0.5] };
    expectNumbers(valueOf(layer, passOf(layer, weights, false), [1, 1, 2], [1, 1, 1, 3]), [9.5, 89.5]);
  });
});
