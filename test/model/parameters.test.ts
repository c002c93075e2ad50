import { describe, expect, it } from 'vitest';
import { mean, standardDeviation } from '../../src/core/statistics.js';
import { initialise, type ParameterSpec } from '../../src/model/parameters.js';

const spec = (shape: number[], init: ParameterSpec['init']): ParameterSpec => ({
  ...{ shape, init, trainable: true, decay: true },
});
const drawn = (specs: Record<string, ParameterSpec>, seed = 1) =>
  initialise(specs, seed) as Record<string, Float32Array>;

describe('fresh weights', () => {
  it.each([
    ['a convolution of 3 x 3 x 64 inputs', [3, 3, 64, 32], 'he', 3 * 3 * 64],
    ['a dense layer of 500 inputs', [500, 40], 'he', 500],
    ['a filter a channel, of 3 x 3 inputs', [3, 3, 2000, 1], 'he-depthwise', 3 * 3],
  ] as const)('%s: of variance 2 over the inputs of an output (He et al. 2015)', (_, shape, init, inputs) => {
    const { w } = drawn({ w: spec([...shape], init) });
    expect(standardDeviation(w) / Math.sqrt(2 / inputs)).toBeCloseTo(1, 1);
    expect(Math.abs(mean(w)) / standardDeviation(w)).toBeLessThan(0.03);
  });

  it('of the identity are 1 on the diagonal and 0 elsewhere', () => {
    expect([...drawn({ w: spec([3, 3], 'identity') }).w]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  });

  it('differ from weight to weight and from seed to seed, and no weight changes another', () => {
    const normal = spec([20], { normal: 1 });
    const { a, b } = drawn({ a: normal, b: normal });
    expect(a).not.toEqual(b);
    expect(drawn({ b: normal }).b).toEqual(b);
    expect(drawn({ b: normal }, 2).b).not.toEqual(b);
  });
});
