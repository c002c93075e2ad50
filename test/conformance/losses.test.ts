import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../src/core/random.js';
import { openLoss } from '../../src/losses/loss-settings.js';
import { lossNamed, losses } from '../../src/losses/losses.js';
import { simplexCorners } from '../../src/losses/simplex.js';
import { expectClose, onnx, runBoth } from '../helpers/engines.js';
import { lossStep } from '../helpers/loss-step.js';
import { type LossCase, type LossValue, lossValue } from '../helpers/loss-value.js';
import { byHand } from './losses-by-hand.js';

interface GoldenCase extends LossCase {
  loss: string;
  settings: Record<string, string | number | boolean>;
  value: number;
  gradients: Record<string, number[]>;
  next?: Record<string, number>;
}

const golden = JSON.parse(readFileSync(new URL('../golden/losses.json', import.meta.url), 'utf8')) as GoldenCase[];

function expectNear(actual: number[], expected: number[], what: string, tolerance = 2e-4): void {
  expect(actual.length, what).toBe(expected.length);
  const scale = Math.max(0.1, ...expected.map(Math.abs));
  expected.forEach((value, i) => {
    if (!(Math.abs(actual[i] - value) <= tolerance * scale))
      expect.fail(`${what}[${i}]: ${actual[i]} instead of ${value}`);
  });
}

function expectSame(actual: LossValue, expected: { value: number; gradients: Record<string, number[]> }): void {
  expectNear([actual.value], [expected.value], 'value', 2e-5);
  for (const [name, gradient] of Object.entries(actual.gradients))
    expectNear(gradient, expected.gradients[name] ?? gradient.map(() => 0), `gradient of ${name}`);
}

/** `classes` random centres; the first image lies where the first class's centre lies. */
function scene(classes: number, dimensions: number, labels: number[], own?: number[]): LossCase {
  const random = randomOf('loss scene', classes);
  const draw = (length: number): number[] => Array.from({ length }, () => random.normal());
  return {
    shape: [labels.length, dimensions, classes],
    labels,
    embedding: own ?? draw(labels.length * dimensions),
    centres: draw(classes * dimensions),
  };
}

/** Of the K sub-centres of a class, (C*K, 8) in all, the one nearest to `image`. */
function nearestCentre(image: number[], centres: number[], label: number, subcenters: number): number[] {
  const own = Array.from({ length: subcenters }, (_, k) =>
    centres.slice((label * subcenters + k) * 8, (label * subcenters + k + 1) * 8),
  );
  const cosine = (centre: number[]): number =>
    centre.reduce((sum, value, d) => sum + value * image[d], 0) / Math.hypot(...centre);
  return own.sort((a, b) => cosine(b) - cosine(a))[0];
}

/** A loss at its defaults, with the centres that it wants where it has its own. */
function standard(name: string, given: LossCase, settings: Record<string, unknown> = {}): Promise<LossValue> {
  const terms = openLoss(lossNamed(name), settings);
  const [images, dimensions, classes] = given.shape;
  const fixed = terms.fixedCentres?.({ classes, dimensions, batchSize: images, attributes: [] });
  return lossValue(terms, { ...given, state: terms.state, ...(fixed && { centres: [...fixed] }) });
}

const finite = ({ value, gradients, next }: LossValue): boolean =>
  [value, ...Object.values(gradients).flat(), ...Object.values(next)].every(Number.isFinite);

describe.each(losses.map((loss) => [loss.name, loss] as const))('loss %s', (name, loss) => {
  const cases = golden.filter((one) => one.loss === name);

  it('has golden cases, and with them its settings that change the formula', () => {
    expect(cases.length).toBeGreaterThan(0);
  });

  it.each(cases.map((one, i) => [`${i + 1}: ${JSON.stringify(one.settings)}, K = ${one.subcenters}`, one] as const))(
    'equals PyTorch and its formula in plain numbers, case %s',
    async (_, one) => {
      const actual = await lossValue(openLoss(loss, one.settings), one);
      expectSame(actual, one);
      expectSame(actual, byHand(name, one.settings, one));
      for (const [key, value] of Object.entries(one.next ?? {})) expect(actual.next[key]).toBeCloseTo(value, 5);
    },
  );

  it('takes the nearest of K sub-centres, or says why it has none', async () => {
    if (loss.noSubcenters) return expect(loss.noSubcenters).toMatch(/arcface|a-softmax/);
    const given = scene(4 * 3, 8, [1]); // one image, four classes, K = 3
    const nearest = [0, 1, 2, 3].flatMap((label) => nearestCentre(given.embedding, given.centres, label, 3));
    const parent = await standard(name, { ...given, centres: nearest });
    const { value, gradients, own } = await standard(name, { ...given, subcenters: 3 });
    expectNear(
      [value, ...own, ...gradients.embedding],
      [parent.value, ...parent.own, ...parent.gradients.embedding],
      'K = 3',
    );
  });

  it('grows as the target cosine falls', async () => {
    const centres = name === 'simplex' ? [...simplexCorners(3, 4)] : [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
    const across = [0, 0, 0, 1];
    const settings = name === 'joint' ? { smoothing: 0 } : {}; // smoothing wants no image all too near
    const at = async (degrees: number): Promise<number> => {
      const [along, aside] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
      const turned = across.map((value, d) => 3 * (along * centres[d] + aside * value));
      const embedding = [...turned, ...centres.slice(4, 8)];
      const { value } = await standard(name, { shape: [2, 4, 3], labels: [0, 1], embedding, centres }, settings);
      return value;
    };
    let last = await at(0);
    for (let degrees = 5; degrees <= 180; degrees += 5) {
      const value = await at(degrees);
      expect(value, `at ${degrees} degrees`).toBeGreaterThanOrEqual(last);
      last = value;
    }
    expect(last).toBeGreaterThan((await at(0)) + 0.1);
  });

  it('is finite at cosines of exactly 1, -1 and 0, and of zero vectors', async () => {
    const centres = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    const embedding = [2, 0, 0, 0, -2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0];
    expect(finite(await standard(name, { shape: [4, 4, 3], labels: [0, 0, 0, 1], embedding, centres }))).toBe(true);
    expect(finite(await standard(name, { shape: [4, 4, 3], labels: [2, 2, 2, 2], embedding, centres }))).toBe(true);
  });

  it('trains alike under both engines, and alike when it is done again', async () => {
    const { program, inputs, state } = lossStep(loss);
    const [actual, expected] = await runBoth(program, inputs, state);
    expectClose(actual, expected, 1e-4);
    const [again] = await runBoth(program, inputs, state);
    expect(again).toEqual(actual);
  });
});

describe('a loss at its limits', () => {
  const given = { ...scene(6, 8, [0, 1, 2, 3, 3, 5]), subcenters: 1 };
  const value = (name: string, settings: Record<string, unknown>): Promise<LossValue> =>
    standard(name, given, settings);
  const expectEqual = (a: LossValue, b: LossValue): void => {
    expectNear([a.value], [b.value], 'value', 1e-5);
    for (const name of ['embedding', 'centres']) expectNear(a.gradients[name], b.gradients[name], name, 1e-5);
  };

  it.each([
    ['arcface', { scale: 20, marginDegrees: 0 }],
    ['cosface', { scale: 20, margin: 0 }],
    ['am-softmax', { scale: 20, margin: 0 }],
    ['a-softmax', { scale: 20, style: 'r', margin: 1 }],
    ['magface', { scale: 20, lowestDegrees: 0, highestDegrees: 0, lengthWeight: 0 }],
    ['joint', { scale: 20, smoothing: 0, tripletWeight: 0 }],
  ])('%s without a margin is the normalised softmax', async (name, settings) => {
    expectEqual(await value(name, settings), await value('norm-softmax', { scale: 20 }));
  });

  it.each([
    [
      'the combined margin with m3 alone',
      'arcface',
      { marginDegrees: 0, cosineMargin: 0.2 },
      'cosface',
      { margin: 0.2 },
    ],
    ['am-softmax at the same s', 'am-softmax', { scale: 24, margin: 0.2 }, 'cosface', { margin: 0.2 }],
    [
      'gb-cosface with its boundary off, of half the margin',
      'gb-cosface',
      { scale: 24, margin: 0.1, boundaryShare: 0 },
      'cosface',
      { margin: 0.2 },
    ],
    [
      'magface with one margin for all lengths',
      'magface',
      { lowestDegrees: 17.2, highestDegrees: 17.2, lengthWeight: 0 },
      'arcface',
      {},
    ],
    ['the preset "combined"', 'arcface', { preset: 'combined' }, 'arcface', { marginDegrees: 17.2, cosineMargin: 0.2 }],
  ])('%s is its parent', async (_, name, settings, parent, parentSettings) => {
    expectEqual(await value(name, settings), await value(parent, parentSettings));
  });

  it('l-softmax with centres of unit length is a-softmax', async () => {
    const lengths = Array.from({ length: 6 }, (_, c) => Math.hypot(...given.centres.slice(c * 8, c * 8 + 8)));
    const unit = { ...given, centres: given.centres.map((x, i) => x / lengths[Math.floor(i / 8)]), step: 2000 };
    const [l, a] = [await standard('l-softmax', unit), await standard('a-softmax', unit)];
    expectNear([l.value, ...l.gradients.embedding], [a.value, ...a.gradients.embedding], 'value and gradient', 1e-5);
  });

  it.each(losses.filter(({ name }) => name !== 'simplex').map((loss) => [loss.name, loss] as const))(
    '%s trains among 100,000 classes, and numbers stay finite',
    async (_, loss) => {
      const { program, inputs, state } = lossStep(loss, { classes: 100_000, subcenters: 1 });
      const executable = await onnx.load(program, state);
      const outputs = { ...(await executable.run(inputs)), ...(await executable.readState()) };
      await executable.dispose();
      for (const [name, values] of Object.entries(outputs)) expect(values.every(Number.isFinite), name).toBe(true);
    },
  );

  it('simplex refuses more classes than there is room for, and says the way out', () => {
    const { check, fixedCentres } = openLoss(lossNamed('simplex'), {});
    const shape = { classes: 10, dimensions: 9, batchSize: 8, attributes: [] };
    expect(() => check!(shape)).not.toThrow();
    expect(() => check!({ ...shape, classes: 100_000 })).toThrow(/room for 10 .* there are 100000 identities/);
    const corners = fixedCentres!(shape);
    const row = (i: number): number[] => [...corners.slice(i * 9, i * 9 + 9)];
    for (let i = 0; i < 10; i++)
      for (let j = 0; j < 10; j++)
        expect(row(i).reduce((sum, x, d) => sum + x * row(j)[d], 0)).toBeCloseTo(i === j ? 1 : -1 / 9, 5);
  });

  it('cosface checks the lower bound on s and the upper bound on m', () => {
    const check =
      (settings: object, classes: number, dimensions = 128) =>
      (): void =>
        openLoss(lossNamed('cosface'), settings as never).check!({
          classes,
          dimensions,
          batchSize: 32,
          attributes: [],
        });
    expect(check({ scale: 11.5 }, 10_572)).not.toThrow(); // methods I: the bound at P = .9 is 11.46
    expect(check({ scale: 11.4 }, 10_572)).toThrow(/scale 11.4 .* 10572 identities .* at least 11.5/);
    expect(check({ scale: 13.8, centreProbability: 0.99 }, 10_572)).toThrow(/at least 13.9/);
    expect(check({ margin: 1.01 }, 79)).not.toThrow();
    expect(check({ margin: 1.02 }, 79)).toThrow(/margin of 1.02; 1.013 is the most/);
    expect(check({ margin: 0.3 }, 8, 2)).toThrow(/8 centres in 2 dimensions .* 0.293 is the most/); // 1 - cos(2 pi / 8)
  });
});

describe('relabelling', () => {
  const given = {
    shape: [2, 2, 2] as LossCase['shape'],
    labels: [0, 0],
    embedding: [0.1, 1, 1, 0.1],
    centres: [1, 0, 0, 1],
  };

  it('takes the label of a centre that is nearer by more than the angle, for this step only', async () => {
    const terms = openLoss(lossNamed('arcface'), { relabelAfter: 0 });
    const { moved, own, rival } = await lossValue(terms, given);
    expect(moved).toEqual([1, 0]);
    expect(own[0]).toBeLessThan(rival[0]); // as the image is labelled: evidence stays evidence
  });

  it('leaves alone what is nearer by less', async () => {
    const terms = openLoss(lossNamed('arcface'), { relabelAfter: 0, relabelDegrees: 90 });
    expect((await lossValue(terms, given)).moved).toEqual([0, 0]);
  });

  it('never calls an image back to its own label when all cosines are negative', async () => {
    const terms = openLoss(lossNamed('cosface'), { relabelAfter: 0 });
    expect((await lossValue(terms, { ...given, embedding: [-1, -1, -1, -0.2] })).moved).toEqual([0, 1]);
  });
});

describe("a loss's settings", () => {
  it('are refused by name, with the nearest there is', () => {
    expect(() => openLoss(lossNamed('cosface'), { margn: 0.3 })).toThrow(
      /"margn" is not a setting of the loss cosface/,
    );
    try {
      openLoss(lossNamed('cosface'), { margn: 0.3 });
    } catch (error) {
      expect((error as { suggestions: string[] }).suggestions).toEqual(['Did you mean "margin"?']);
    }
    expect(() => openLoss(lossNamed('cosface'), { margin: -1 })).toThrow(/lossSettings.margin/);
    expect(() => openLoss(lossNamed('simplex'), { relabelAfter: 0.5 })).toThrow(/not a setting of the loss simplex/);
  });
});
