import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '#tfjs';
import type { ParameterSpecs } from '../../src/model/parameters.js';
import { type SgdSettings, sgdStep } from '../../src/training/sgd.js';
import '../helpers/engines.js';

const specs: ParameterSpecs = {
  w: { shape: [2], init: 'zeros', trainable: true, decay: true },
  bias: { shape: [1], init: 'zeros', trainable: true, decay: false },
};
const plain: SgdSettings = { momentum: 0, weightDecay: 0, clipNorm: 0 };

beforeAll(() => tf.setBackend('cpu'));

/** The state after a step from `w` = (1, -2), `bias` = 4 and the given velocities. */
function stepped(
  settings: Partial<SgdSettings>,
  gradients = { w: [3, 4], bias: [12] },
  velocities = { w: [0, 0], bias: [0] },
) {
  const tensors = (values: Record<string, number[]>) =>
    Object.fromEntries(Object.entries(values).map(([name, numbers]) => [name, tf.tensor1d(numbers)]));
  const state = tensors({ w: [1, -2], bias: [4], 'velocity:w': velocities.w, 'velocity:bias': velocities.bias });
  const next = sgdStep(specs, state, tensors(gradients), tf.scalar(0.5), { ...plain, ...settings });
  return Object.fromEntries(Object.entries(next).map(([name, tensor]) => [name, [...tensor.dataSync()]]));
}

function expectNumbers(actual: number[], expected: number[]): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 5));
}

describe('a step of SGD', () => {
  it('goes against the gradient, by the rate', () => {
    const { w, bias } = stepped({});
    expectNumbers([...w, ...bias], [1 - 0.5 * 3, -2 - 0.5 * 4, 4 - 0.5 * 12]);
  });

  it('keeps a share of the velocity it had, and goes by the new one', () => {
    const next = stepped({ momentum: 0.9 }, undefined, { w: [10, -10], bias: [1] });
    const velocities = [0.9 * 10 + 3, 0.9 * -10 + 4, 0.9 * 1 + 12];
    expectNumbers([...next['velocity:w'], ...next['velocity:bias']], velocities);
    expectNumbers(
      [...next.w, ...next.bias],
      [1, -2, 4].map((weight, i) => weight - 0.5 * velocities[i]),
    );
  });

  it('decays weights that decay, and leaves biases alone', () => {
    const still = { w: [0, 0], bias: [0] };
    const { w, bias } = stepped({ weightDecay: 0.1 }, still);
    expectNumbers([...w, ...bias], [1 - 0.5 * 0.1 * 1, -2 - 0.5 * 0.1 * -2, 4]);
  });

  it('shortens all gradients alike to the length that is allowed: (3, 4, 12) has a length of 13', () => {
    const next = stepped({ clipNorm: 6.5 });
    expectNumbers([...next['velocity:w'], ...next['velocity:bias']], [1.5, 2, 6]);
  });

  it('does not lengthen gradients that are short enough', () => {
    const next = stepped({ clipNorm: 100 });
    expectNumbers([...next['velocity:w'], ...next['velocity:bias']], [3, 4, 12]);
  });
});
