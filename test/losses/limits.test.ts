import { describe, expect, it } from 'vitest';
import { lambdaAt } from '../../src/losses/annealing.js';
import { openLoss } from '../../src/losses/loss-settings.js';
import { lossNamed } from '../../src/losses/losses.js';
import { type LossCase, lossValue } from '../helpers/loss-value.js';

const scheduled = (loss: string, settings: Record<string, unknown>, marginShare: number) =>
  openLoss(lossNamed(loss), settings).schedule!({ step: 0, marginShare });
const shape = { classes: 4, dimensions: 8, batchSize: 2, attributes: [] };

describe('annealing', () => {
  const settings = { annealFrom: 100, annealGrowth: 0.5, annealPower: 2, annealTo: 4 };

  it('falls with the steps by its power, to the least lambda', () => {
    expect([0, 2, 6, 1000].map((step) => lambdaAt(step, settings))).toEqual([100, 100 / 4, 100 / 16, 4]);
  });
});

describe('a margin that is not whole yet', () => {
  it.each([
    [
      'arcface',
      { marginDegrees: 18, cosineMargin: 0.4, angleFactor: 1.5 },
      { margin: Math.PI / 40, cosineMargin: 0.1, angleFactor: 1.125 },
    ],
    ['cosface', { margin: 0.4 }, { margin: 0.1 }],
    ['am-softmax', { margin: 0.4 }, { margin: 0.1 }],
    ['gb-cosface', { margin: 0.4 }, { margin: 0.1 }],
    ['a-softmax', { style: 'r', margin: 1.8 }, { margin: 1.2 }], // a factor: none is 1
    ['joint', { marginDegrees: 18 }, { margin: Math.PI / 40 }],
  ])('of %s is a quarter at a quarter, and none at the start', (loss, settings, quarter) => {
    for (const [name, value] of Object.entries(quarter)) {
      expect(scheduled(loss, settings, 0.25)[name], name).toBeCloseTo(value, 9);
      expect(scheduled(loss, settings, 0)[name], name).toBe(/factor/i.test(name) || loss === 'a-softmax' ? 1 : 0);
    }
  });
});

describe('the target of a loss', () => {
  /** An image at `degrees` from its class, the other class at right angles to both: loss of the plain softmax is undone. */
  const targetAt = async (
    loss: string,
    settings: Record<string, unknown>,
    degrees: number,
    length = 1,
  ): Promise<number> => {
    const [along, aside] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const given: LossCase = {
      ...{
        shape: [1, 3, 2],
        labels: [0],
        embedding: [length * along, length * aside, 0],
        centres: [1, 0, 0, 0, 0, 1],
        step: 1e9,
      },
    };
    const { value } = await lossValue(openLoss(lossNamed(loss), settings), given);
    return -Math.log(Math.expm1(value)); // log(1 + exp(-t)) = value, the other logit is 0
  };

  it.each([
    ['arcface', { scale: 2, marginDegrees: 0, angleFactor: 3 }, 2, 3],
    ['a-softmax', { style: 'r', scale: 2, margin: 3 }, 2, 3],
    ['l-softmax', { margin: 3, annealTo: 0, annealGrowth: 1e6 }, 1, 3],
    ['a-softmax', { margin: 3, annealTo: 0, annealGrowth: 1e6 }, 1, 3],
  ])('%s %o falls over the whole half turn: past each pi by two more', async (loss, settings, scale, factor) => {
    for (const degrees of [20, 50, 70, 100, 130, 170]) {
      const angle = (factor * degrees * Math.PI) / 180;
      const k = Math.floor(angle / Math.PI);
      const psi = (k % 2 === 0 ? 1 : -1) * Math.cos(angle) - 2 * k; // Liu et al. 2017, eq. 6
      expect(await targetAt(loss, settings, degrees)).toBeCloseTo(scale * psi, 2);
    }
  });

  it('of losses without normalised features is as long as the embedding', async () => {
    const settings = { normaliseFeatures: false, margin: 0.1 };
    expect(await targetAt('am-softmax', settings, 60, 3)).toBeCloseTo(3 * (0.5 - 0.1), 3);
    expect(await targetAt('am-softmax', { ...settings, normaliseFeatures: true, scale: 7 }, 60, 3)).toBeCloseTo(
      7 * (0.5 - 0.1),
      3,
    );
  });
});

describe('settings of a loss', () => {
  const given: LossCase = {
    ...{ shape: [2, 4, 3], labels: [0, 1], embedding: [1, 0.4, 0, 0.1, 0.2, -1, 0.3, 0.5] },
    centres: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
  };
  const value = async (
    loss: string,
    settings: Record<string, unknown>,
    more: Partial<LossCase> = {},
  ): Promise<number> => (await lossValue(openLoss(lossNamed(loss), settings), { ...given, ...more })).value;

  it('weigh the parts of joint: without their weight only the softmax is left, and they count by it', async () => {
    const images = {
      shape: [3, 4, 3] as LossCase['shape'],
      labels: [0, 0, 1],
      embedding: [1, 0.4, 0, 0.1, -1, 0.3, 0, 1, 0.2, -1, 0.3, 0.5],
    };
    const attributes = {
      ...images,
      attributes: [1, 0, 1],
      shares: [0.2],
      weights: { attributes: { shape: [4, 1], values: [1, -1, 0.5, 2] }, attributeBias: { shape: [1], values: [0.1] } },
    };
    const at = (settings: object): Promise<number> =>
      value('joint', { tripletWeight: 0, attributeWeight: 0, ...settings }, attributes);
    const alone = await at({});
    for (const name of ['tripletWeight', 'attributeWeight']) {
      const [one, two] = [await at({ [name]: 1 }), await at({ [name]: 2 })];
      expect(one).toBeGreaterThan(alone);
      expect(two - alone).toBeCloseTo(2 * (one - alone), 4);
    }
  });

  it('the soft triplet has no point where it ends', async () => {
    const [soft, hard] = [await value('joint', { triplet: 'soft' }), await value('joint', { triplet: 0 })];
    expect(soft).toBeGreaterThan(hard + 0.01);
  });

  it('the radius of simplex is the length that embeddings are drawn to, in units of sqrt(D)', async () => {
    const centres = given.centres;
    const embedding = [0, 1, 2]
      .slice(0, 2)
      .flatMap((label) => centres.slice(4 * label, 4 * label + 4).map((v) => 3 * Math.sqrt(4) * v));
    expect(await value('simplex', { radius: 3 }, { embedding })).toBeCloseTo(0, 6);
    expect(await value('simplex', { radius: 1, weight: 10 }, { embedding })).toBeCloseTo(
      (10 / 2 / 4) * (2 * Math.sqrt(4)) ** 2,
      4,
    );
  });

  it('the scale multiplies all logits: at a scale of nothing all classes are alike', async () => {
    for (const loss of ['arcface', 'cosface', 'am-softmax', 'norm-softmax', 'magface'])
      expect(await value(loss, { scale: 1e-9, ...(loss === 'magface' && { lengthWeight: 0 }) })).toBeCloseTo(
        Math.log(3),
        4,
      );
  });
});

describe('cosface of two identities', () => {
  it('asks for the scale at which an image at its own centre reaches the probability', () => {
    // At the centre the other cosine is -1 at best: s = 1/2 ln(.9 / .1) = 1.0986 gives 1 / (1 + e^(-2 s)) = .9 (eq. 6).
    const check = (scale: number) => (): void =>
      openLoss(lossNamed('cosface'), { scale }).check!({ ...shape, classes: 2 });
    expect(check(1.1)).not.toThrow();
    expect(check(1.09)).toThrow(/at least 1.1/);
  });
});

describe('relabelling', () => {
  it('begins when it is told to', () => {
    expect(openLoss(lossNamed('arcface'), { relabelAfter: 0.7, relabelDegrees: 9 }).relabel).toEqual({
      after: 0.7,
      degrees: 9,
    });
    expect(openLoss(lossNamed('arcface'), {}).relabel).toBeUndefined();
  });
});

describe('magface', () => {
  it.each([
    [{ lowestLength: 1, highestLength: 1 }, true],
    [{ lowestLength: 2, highestLength: 1 }, true],
    [{ lowestDegrees: 20, highestDegrees: 10 }, true],
    [{ lowestDegrees: 20, highestDegrees: 20 }, false],
  ])('refuses lengths that leave no room between them, and margins that fall: %o', (settings, refused) => {
    const check = (): void => openLoss(lossNamed('magface'), settings).check!(shape);
    if (refused) expect(check).toThrow(/lowestLength must be below highestLength/);
    else expect(check).not.toThrow();
  });
});
