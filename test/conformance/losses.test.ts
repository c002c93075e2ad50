import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../src/core/random.js';
import { openLoss } from '../../src/losses/loss-settings.js';
import { lossNamed, losses } from '../../src/losses/losses.js';
import { simplexCorners } from '../../src/losses/simplex.js';
import { expectClose, runBoth } from '../helpers/engines.js';
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
