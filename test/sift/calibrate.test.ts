import { beforeAll, describe, expect, it } from 'vitest';
import { defaults } from '../../src/core/config.js';
import { randomOf } from '../../src/core/random.js';
import { mean } from '../../src/core/statistics.js';
import { type Matrix, unitRows } from '../../src/core/vectors.js';
import { exactNeighbours } from '../../src/index/exact-index.js';
import { agreementOf } from '../../src/sift/agreement.js';
import { type Calibration, calibrate } from '../../src/sift/calibrate.js';
import type { CalibrationInput } from '../../src/sift/calibration-input.js';
import { chooseCut } from '../../src/sift/choose-cut.js';
import { identitySpace } from '../../src/sift/identity-space.js';
import { ownCentres } from '../../src/sift/own-centres.js';
import { weighFaceless } from '../../src/sift/weigh-faceless.js';

const DIMENSIONS = 32;
const PEOPLE = 20;
const EACH = 12;

/** People as clouds round a direction each; the first dimension is pose: it varies most, and says nothing. */
function people(random: ReturnType<typeof randomOf>, spread = 0.12): { vectors: Matrix; labels: Int32Array } {
  const labels = Int32Array.from({ length: PEOPLE * EACH }, (_, i) => Math.floor(i / EACH));
  const centres = Array.from({ length: PEOPLE }, () => direction(random));
  const data = Float32Array.from({ length: labels.length * DIMENSIONS }, (_, at) => {
    const d = at % DIMENSIONS;
    const centre = centres[labels[Math.floor(at / DIMENSIONS)]][d];
    return d === 0 ? 0.6 * random.normal() : centre + spread * random.normal();
  });
  return { vectors: unitRows({ data, rows: labels.length, dimensions: DIMENSIONS }), labels };
}

const direction = (random: ReturnType<typeof randomOf>): Float32Array =>
  unitRows({ data: Float32Array.from({ length: DIMENSIONS }, () => random.normal()), rows: 1, dimensions: DIMENSIONS })
    .data;

/** Every tenth image a stranger, every tenth under another name. */
function spoil({ vectors, labels }: { vectors: Matrix; labels: Int32Array }, random: ReturnType<typeof randomOf>) {
  const kinds = Array.from(labels, (_, i) => (i % 10 === 3 ? 'open' : i % 10 === 7 ? 'closed' : 'none'));
  const given = labels.map((label, i) =>
    kinds[i] === 'closed' ? (label + 1 + random.integer(PEOPLE - 1)) % PEOPLE : label,
  );
  kinds.forEach((kind, i) => {
    if (kind === 'open') vectors.data.set(direction(random), i * DIMENSIONS);
  });
  return { vectors, labels: given, kinds };
}

async function inputOf(vectors: Matrix, labels: Int32Array): Promise<CalibrationInput> {
  const every = Int32Array.from(labels.keys());
  const near = await exactNeighbours(vectors, every, 15, undefined);
  return {
    ...{
      vectors: { ...vectors, data: vectors.data.slice() },
      labels,
      identities: PEOPLE,
      agreement: agreementOf(near, 10, labels, every),
      copyGroups: every,
    },
    ...{ cores: Array.from({ length: PEOPLE }, () => null), faces: Array.from(labels, () => null), margins: null },
    ...{ seed: 1, settings: defaults },
  };
}

describe('the calibrated rule on a set with known noise', () => {
  let kinds: string[];
  let result: Calibration;
  beforeAll(async () => {
    const random = randomOf('calibrate');
    const spoilt = spoil(people(random), random);
    kinds = spoilt.kinds;
    result = await calibrate(await inputOf(spoilt.vectors, spoilt.labels));
  });

  it('finds it, and little else', () => {
    const wrong = kinds.filter((kind, i) => (kind !== 'none') !== result.pNoise[i] >= 0.5);
    expect(wrong.length / kinds.length).toBeLessThan(0.02);
  });

  it('knows how much there is', () => {
    const share = kinds.filter((kind) => kind !== 'none').length / kinds.length;
    expect(Math.abs(result.noiseRate.estimate - share)).toBeLessThan(0.03);
    expect(result.noiseRate.low).toBeLessThanOrEqual(result.noiseRate.estimate);
    expect(result.noiseRate.high).toBeGreaterThanOrEqual(result.noiseRate.estimate);
  });

  it('says the same again', async () => {
    const random = randomOf('calibrate');
    const { vectors, labels } = spoil(people(random), random);
    expect((await calibrate(await inputOf(vectors, labels))).pNoise).toEqual(result.pNoise);
  });
});

describe('a set without noise', () => {
  it('keeps nearly all of it', async () => {
    const { vectors, labels } = people(randomOf('clean'));
    const { pNoise, noiseRate } = await calibrate(await inputOf(vectors, labels));
    expect(pNoise.filter((p) => p >= 0.5).length / pNoise.length).toBeLessThan(0.01);
    expect(noiseRate.estimate).toBeLessThan(0.02);
  });

  it('knows no more of an only image than of the set', async () => {
    const { vectors, labels } = people(randomOf('clean'));
    const alone = labels.map((label, i) => (label === PEOPLE - 1 && i % EACH !== 0 ? 0 : label));
    const { pNoise, cosOwn, noiseRate } = await calibrate(await inputOf(vectors, alone));
    const only = alone.indexOf(PEOPLE - 1);
    expect(cosOwn[only]).toBeNaN();
    expect(pNoise[only]).toBeCloseTo(noiseRate.estimate, 6);
  });
});

describe('own centres', () => {
  const { vectors, labels } = people(randomOf('own'));
  const weights = new Float64Array(labels.length).fill(1);
  const apart = Int32Array.from(labels.keys());

  it('leave the image itself out: the mean of the others, reckoned anew', () => {
    const { cosOwn } = ownCentres(vectors, labels, weights, PEOPLE, apart);
    const others = Float64Array.from({ length: DIMENSIONS }, (_, d) => {
      let sum = 0;
      for (let other = 1; other < EACH; other++) sum += vectors.data[other * DIMENSIONS + d];
      return sum;
    });
    const product = others.reduce((sum, value, d) => sum + value * vectors.data[d], 0);
    expect(cosOwn[0]).toBeCloseTo(product / Math.hypot(...others), 6);
  });

  it('leave its copies out too, wherever they lie', () => {
    const copied = { ...vectors, data: vectors.data.slice() };
    copied.data.copyWithin(5 * DIMENSIONS, 0, DIMENSIONS); // image 5 is a copy of image 0
    const groups = apart.map((group) => (group === 5 ? 0 : group));
    const without = weights.map((weight, i) => (i === 5 ? 0 : weight));
    const known = ownCentres(copied, labels, weights, PEOPLE, groups);
    expect(known.cosOwn[0]).toBeCloseTo(ownCentres(copied, labels, without, PEOPLE, apart).cosOwn[0], 6);
    expect(known.cosOwn[5]).toBeCloseTo(known.cosOwn[0], 6);
    expect(known.cosOwn[0]).toBeLessThan(ownCentres(copied, labels, weights, PEOPLE, apart).cosOwn[0]);
  });
});

describe('the identity space', () => {
  it('is one where people vary alike in all directions, so that they are told apart better', () => {
    const { vectors, labels } = people(randomOf('space'));
    const weights = new Float64Array(labels.length).fill(1);
    const placed = { ...vectors, data: vectors.data.slice() };
    identitySpace(vectors, labels, weights, PEOPLE)(placed);
    const apart = Int32Array.from(labels.keys());
    const before = ownCentres(vectors, labels, weights, PEOPLE, apart).cosOwn;
    const after = ownCentres(placed, labels, weights, PEOPLE, apart).cosOwn;
    expect(mean(after)).toBeGreaterThan(mean(before));
    for (let row = 0; row < placed.rows; row++)
      expect(Math.hypot(...placed.data.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS))).toBeCloseTo(1, 5);
  });
});

describe('the cut', () => {
  const pNoise = Float64Array.from({ length: 100 }, (_, i) => (i + 0.5) / 100);

  it('is dropAt when nothing else is asked for, and says what it should be worth', () => {
    const { dropAt, expected } = chooseCut(pNoise, defaults);
    const flagged = pNoise.filter((p) => p >= 0.5);
    expect(dropAt).toBe(0.5);
    expect(expected.precision).toBeCloseTo(mean(flagged), 9);
    expect(expected.recall).toBeCloseTo((mean(flagged) * flagged.length) / (mean(pNoise) * 100), 9);
  });

  it.each([0.8, 0.9, 0.95])('keeps an expected precision of %d, and no more of it than must be', (targetPrecision) => {
    const { dropAt, expected } = chooseCut(pNoise, { ...defaults, targetPrecision });
    expect(expected.precision).toBeGreaterThanOrEqual(targetPrecision);
    const lower = pNoise.filter((p) => p >= dropAt - 0.0101);
    expect(mean(lower)).toBeLessThan(targetPrecision);
  });

  it.each([0.5, 0.9, 1])('reaches an expected recall of %d', (targetRecall) => {
    const { expected, reviewAt, dropAt } = chooseCut(pNoise, { ...defaults, targetRecall });
    expect(expected.recall).toBeGreaterThanOrEqual(targetRecall - 1e-9);
    expect(reviewAt).toBeLessThanOrEqual(dropAt);
  });
});

describe('images without a face', () => {
  it('are noise where the others without one are, and the rest is left as it was', () => {
    const pNoise = Float64Array.from([0.99, 0.98, 0.97, 0.4, ...Array.from({ length: 40 }, () => 0.02)]);
    const faces = Array.from(pNoise, (_, i) => (i < 4 ? 0 : 1));
    const weighed = weighFaceless(pNoise, faces);
    expect(weighed[3]).toBeGreaterThan(0.9);
    expect(weighed[10]).toBeLessThanOrEqual(0.02);
    expect(
      weighFaceless(
        pNoise,
        faces.map(() => 1),
      ),
    ).toEqual(pNoise);
    expect(
      weighFaceless(
        pNoise,
        faces.map(() => null),
      ),
    ).toEqual(pNoise);
  });
});
