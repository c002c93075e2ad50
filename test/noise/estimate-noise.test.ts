import { beforeAll, describe, expect, it } from 'vitest';
import { defaults } from '../../src/core/config.js';
import { randomOf } from '../../src/core/random.js';
import { mean, median } from '../../src/core/statistics.js';
import { inSpace, type MatrixIn } from '../../src/core/spaces.js';
import { type Block, blocksOf, type Matrix, rowOf, unitRows } from '../../src/core/vectors.js';
import { exactNeighbours } from '../../src/index/exact-index.js';
import { knnAgreement } from '../../src/noise/knn-agreement.js';
import { estimateNoise } from '../../src/noise/estimate-noise.js';
import type { NoiseEstimate } from '../../src/noise/noise-estimate.js';
import type { EstimateInput } from '../../src/noise/estimate-input.js';
import { chooseCut } from '../../src/noise/threshold.js';
import { densityAt, kernelDensity, logConcave, placesOver } from '../../src/noise/density.js';
import { fitWhitening, whiten, whitenInPlace } from '../../src/noise/wccn.js';
import { noisePosterior, type Posterior } from '../../src/noise/noise-posterior.js';
import { leaveOneOutMeans } from '../../src/noise/class-means.js';
import { findNearestOtherClass } from '../../src/noise/nearest-other-class.js';
import { typicalScores } from '../../src/noise/typical-scores.js';
import { applyConflicts } from '../../src/noise/conflict-prior.js';
import { applyFacePresence } from '../../src/noise/face-presence-prior.js';

const DIMENSIONS = 32;
const PEOPLE = 20;
const EACH = 12;

/** People as clouds round a direction each; the first dimension is pose: it varies most, and says nothing. */
function people(
  random: ReturnType<typeof randomOf>,
  spread = 0.12,
): { vectors: Block & MatrixIn<'frozen'>; labels: Int32Array } {
  const labels = Int32Array.from({ length: PEOPLE * EACH }, (_, i) => Math.floor(i / EACH));
  const means = Array.from({ length: PEOPLE }, () => direction(random));
  const data = Float32Array.from({ length: labels.length * DIMENSIONS }, (_, at) => {
    const d = at % DIMENSIONS;
    const centre = means[labels[Math.floor(at / DIMENSIONS)]][d];
    return d === 0 ? 0.6 * random.normal() : centre + spread * random.normal();
  });
  return { vectors: inSpace('frozen', unitRows({ data, rows: labels.length, dimensions: DIMENSIONS })), labels };
}

const direction = (random: ReturnType<typeof randomOf>): Float32Array =>
  unitRows({ data: Float32Array.from({ length: DIMENSIONS }, () => random.normal()), rows: 1, dimensions: DIMENSIONS })
    .data;

/** Every tenth image a stranger, every tenth under another name. */
function spoil({ vectors, labels }: { vectors: Block; labels: Int32Array }, random: ReturnType<typeof randomOf>) {
  const kinds = Array.from(labels, (_, i) => (i % 10 === 3 ? 'open' : i % 10 === 7 ? 'closed' : 'none'));
  const given = labels.map((label, i) =>
    kinds[i] === 'closed' ? (label + 1 + random.integer(PEOPLE - 1)) % PEOPLE : label,
  );
  kinds.forEach((kind, i) => {
    if (kind === 'open') vectors.data.set(direction(random), i * DIMENSIONS);
  });
  return { vectors, labels: given, kinds };
}

/** Estimates with the vectors as a frozen network's features. */
async function estimateOf(
  vectors: Matrix,
  labels: Int32Array,
  more: Partial<EstimateInput> = {},
): Promise<NoiseEstimate> {
  const every = Int32Array.from(labels.keys());
  const near = await exactNeighbours(vectors, every, 15, undefined);
  const input: EstimateInput = {
    ...{
      labels,
      identities: PEOPLE,
      agreement: knnAgreement(near, 10, labels, every),
      copyGroups: every,
      faceGroups: every,
      quality: new Float32Array(labels.length).fill(1),
      isAside: Array.from(labels, () => false),
    },
    ...{ prototypes: Array.from({ length: PEOPLE }, () => null), faceScores: null, margins: null, planted: null },
    ...{ seed: 1, search: defaults.index },
    ...more,
  };
  return estimateNoise(inSpace('frozen', vectors), input, false);
}

describe('the calibrated rule on a set with known noise', () => {
  let kinds: string[];
  let result: NoiseEstimate;
  beforeAll(async () => {
    const random = randomOf('estimateNoise');
    const spoilt = spoil(people(random), random);
    kinds = spoilt.kinds;
    result = await estimateOf(spoilt.vectors, spoilt.labels);
  });

  it('finds it, and little else', () => {
    const wrong = kinds.filter((kind, i) => (kind !== 'none') !== result.pNoise[i] >= 0.5);
    expect(wrong.length / kinds.length).toBeLessThan(0.02);
  });

  it('knows how much there is', () => {
    const share = kinds.filter((kind) => kind !== 'none').length / kinds.length;
    expect(Math.abs(result.noiseRate!.estimate - share)).toBeLessThan(0.03);
    expect(result.noiseRate!.low).toBeLessThanOrEqual(result.noiseRate!.estimate);
    expect(result.noiseRate!.high).toBeGreaterThanOrEqual(result.noiseRate!.estimate);
  });

  it('says the same again', async () => {
    const random = randomOf('estimateNoise');
    const { vectors, labels } = spoil(people(random), random);
    expect((await estimateOf(vectors, labels)).pNoise).toEqual(result.pNoise);
  });
});

describe('a set without noise', () => {
  it('keeps nearly all of it', async () => {
    const { vectors, labels } = people(randomOf('clean'));
    const { pNoise, noiseRate } = await estimateOf(vectors, labels);
    expect(pNoise.filter((p) => p >= 0.5).length / pNoise.length).toBeLessThan(0.01);
    expect(noiseRate!.estimate).toBeLessThan(0.02);
  });

  it('knows no more of an only image than of the set', async () => {
    const { vectors, labels } = people(randomOf('clean'));
    const alone = labels.map((label, i) => (label === PEOPLE - 1 && i % EACH !== 0 ? 0 : label));
    const { pNoise, ownClassCosine, noiseRate } = await estimateOf(vectors, alone);
    const only = alone.indexOf(PEOPLE - 1);
    expect(ownClassCosine[only]).toBeNaN();
    expect(pNoise[only]).toBeCloseTo(noiseRate!.estimate, 6);
  });
});

describe('a set without anything to compare', () => {
  it('has no noise rate, not one of nothing', async () => {
    const { vectors } = people(randomOf('alone'));
    const labels = Int32Array.from({ length: PEOPLE * EACH }, (_, i) => i);
    const { noiseRate, pNoise } = await estimateOf(vectors, labels, {
      identities: labels.length,
      prototypes: Array.from(labels, () => null),
    });
    expect(noiseRate).toBeNull();
    expect(pNoise.every((p) => p < defaults.sift.reviewAt)).toBe(true);
  });
});

describe('own means', () => {
  const { vectors, labels } = people(randomOf('own'));
  const weights = new Float64Array(labels.length).fill(1);
  const apart = Int32Array.from(labels.keys());

  it('leave the image itself out: the mean of the others, reckoned anew', () => {
    const { ownClassCosine } = leaveOneOutMeans(vectors, labels, weights, PEOPLE, apart);
    const others = Float64Array.from({ length: DIMENSIONS }, (_, d) => {
      let sum = 0;
      for (let other = 1; other < EACH; other++) sum += vectors.data[other * DIMENSIONS + d];
      return sum;
    });
    const product = others.reduce((sum, value, d) => sum + value * vectors.data[d], 0);
    expect(ownClassCosine[0]).toBeCloseTo(product / Math.hypot(...others), 6);
  });

  it('leave its copies out too, wherever they lie', () => {
    const copied = { ...vectors, data: vectors.data.slice() };
    copied.data.copyWithin(5 * DIMENSIONS, 0, DIMENSIONS); // image 5 is a copy of image 0
    const groups = apart.map((group) => (group === 5 ? 0 : group));
    const without = weights.map((weight, i) => (i === 5 ? 0 : weight));
    const known = leaveOneOutMeans(copied, labels, weights, PEOPLE, groups);
    expect(known.ownClassCosine[0]).toBeCloseTo(
      leaveOneOutMeans(copied, labels, without, PEOPLE, apart).ownClassCosine[0],
      6,
    );
    expect(known.ownClassCosine[5]).toBeCloseTo(known.ownClassCosine[0], 6);
    expect(known.ownClassCosine[0]).toBeLessThan(
      leaveOneOutMeans(copied, labels, weights, PEOPLE, apart).ownClassCosine[0],
    );
  });
});

describe('whitening', () => {
  it('makes the images of one person vary alike in all directions, so that people separate better', async () => {
    const { vectors, labels } = people(randomOf('space'));
    const weights = new Float64Array(labels.length).fill(1);
    const placed = await whiten(await fitWhitening(vectors, labels, weights, PEOPLE), vectors);
    const apart = Int32Array.from(labels.keys());
    const before = leaveOneOutMeans(vectors, labels, weights, PEOPLE, apart).ownClassCosine;
    const after = leaveOneOutMeans(placed, labels, weights, PEOPLE, apart).ownClassCosine;
    expect(mean(after)).toBeGreaterThan(mean(before));
    for (let row = 0; row < placed.rows; row++) expect(Math.hypot(...rowOf(placed, row))).toBeCloseTo(1, 5);
  });
});

describe('whitening in new memory', () => {
  it('leaves the features as they are, and in place it does not', async () => {
    const { vectors, labels } = people(randomOf('space'));
    const before = vectors.data.slice();
    const whitening = await fitWhitening(vectors, labels, new Float64Array(labels.length).fill(1), PEOPLE);
    const whitened = await whiten(whitening, vectors);
    expect(vectors.data).toEqual(before);
    expect(blocksOf(await whitenInPlace(whitening, vectors))[0]).toBe(vectors.data);
    expect(vectors.data).toEqual(blocksOf(whitened)[0]);
  });
});

describe('spaces', () => {
  it('are types: means of one space and features of another are refused by the compiler', async () => {
    const { vectors, labels } = people(randomOf('space'));
    const weights = new Float64Array(labels.length).fill(1);
    const whitening = await fitWhitening(vectors, labels, weights, PEOPLE);
    const whitened = await whiten(whitening, vectors);
    // @ts-expect-error whitened rows cannot be whitened again
    const again = (): unknown => whiten(whitening, whitened);
    const { means } = leaveOneOutMeans(whitened, labels, weights, PEOPLE, Int32Array.from(labels.keys()));
    // @ts-expect-error features of the frozen space against class means of the whitened one
    const mixed = (): unknown => findNearestOtherClass<'frozen'>(vectors, means, labels, defaults.index);
    expect([again, mixed]).toHaveLength(2);
  });
});

describe('the cut', () => {
  const pNoise = Float64Array.from({ length: 1000 }, (_, i) => (i + 0.5) / 1000);

  it('is dropAt when nothing else is asked for, and says what it should be worth', () => {
    const { dropAt, expected } = chooseCut(pNoise, defaults.sift);
    const flagged = pNoise.filter((p) => p >= 0.5);
    expect(dropAt).toBe(0.5);
    expect(expected.precision).toBeCloseTo(mean(flagged), 9);
    expect(expected.recall).toBeCloseTo((mean(flagged) * flagged.length) / (mean(pNoise) * 1000), 9);
  });

  it('does not state a precision of a few images', () => {
    const few = pNoise.filter((p) => p < 0.5 || p > 0.98);
    expect(few.filter((p) => p >= 0.5)).toHaveLength(20);
    expect(chooseCut(few, defaults.sift).expected.precision).toBeNull();
  });

  it.each([0.8, 0.9, 0.95])('keeps an expected precision of %d, and no more of it than must be', (targetPrecision) => {
    const { dropAt, expected } = chooseCut(pNoise, { ...defaults.sift, targetPrecision });
    expect(expected.precision).toBeGreaterThanOrEqual(targetPrecision);
    const lower = pNoise.filter((p) => p >= dropAt - 0.0011);
    expect(mean(lower)).toBeLessThan(targetPrecision);
  });

  it.each([0.5, 0.9, 1])('reaches an expected recall of %d', (targetRecall) => {
    const { expected, reviewAt, dropAt } = chooseCut(pNoise, { ...defaults.sift, targetRecall });
    expect(expected.recall).toBeGreaterThanOrEqual(targetRecall - 1e-9);
    expect(reviewAt).toBeLessThanOrEqual(dropAt);
  });
});

describe('images without a face', () => {
  const [noise, hard, easy] = [4, 8, 40];
  const set = (hardScore: number): { pNoise: Float64Array; suspicion: number[]; faceScores: Float32Array } => ({
    pNoise: Float64Array.from({ length: 1 + noise + hard + easy }, (_, i) =>
      i === 0 ? 0.4 : i <= noise ? 0.98 : 0.02,
    ),
    suspicion: Array.from({ length: 1 + noise + hard + easy }, (_, i) => Number(i <= noise + hard)),
    faceScores: Float32Array.from({ length: 1 + noise + hard + easy }, (_, i) =>
      i <= noise ? 0 : i <= noise + hard ? hardScore : 0.999,
    ),
  });
  const weigh = ({ pNoise, suspicion, faceScores }: ReturnType<typeof set>): Float64Array =>
    applyFacePresence(pNoise, suspicion, faceScores);

  it('are noise where only the noise has none', () => {
    const weighed = weigh(set(0.999));
    expect(weighed[0]).toBeGreaterThan(0.8);
    expect(weighed[noise + hard + 1]).toBeLessThanOrEqual(0.02);
  });

  it('are not, where the detector misses the hard ones as often', () => {
    expect(weigh(set(0))[0]).toBeLessThan(0.5);
  });

  it('are as they were where no faces were looked for, or all have one', () => {
    const { pNoise, suspicion } = set(0);
    expect(applyFacePresence(pNoise, suspicion, null)).toEqual(pNoise);
    expect(applyFacePresence(pNoise, suspicion, new Float32Array(pNoise.length).fill(0.99))).toEqual(pNoise);
  });
});

describe('one photograph under two names', () => {
  const labels = Int32Array.from([0, 1, 2, 3]);
  const groups = Int32Array.from([0, 0, 2, 3]); // the first two are one

  it('is wrong under the one that does not fit, where the other plainly does', () => {
    const [wrong, right, ...others] = applyConflicts(Float64Array.from([0.05, 1e-5, 0.05, 0.2]), labels, groups);
    expect(wrong).toBeGreaterThan(0.9);
    expect(right).toBeLessThan(0.01);
    expect(others).toEqual([0.05, 0.2]);
  });

  it('is anybody’s guess where both fit alike', () => {
    const [one, two] = applyConflicts(Float64Array.from([0.05, 0.05, 0, 0]), labels, groups);
    expect(one).toBeCloseTo(two, 9);
    expect(one).toBeGreaterThan(0.3);
    expect(one).toBeLessThan(0.6);
  });
});

describe('a folder that holds a second person', () => {
  /** Of the first folder of 12 images, `strange` are another person's, who is not in the set. */
  function withStranger(strange: number) {
    const random = randomOf('stranger');
    const { vectors, labels } = people(random);
    const one = direction(random);
    for (let i = 0; i < strange; i++)
      for (let d = 1; d < DIMENSIONS; d++) vectors.data[i * DIMENSIONS + d] = one[d] + 0.12 * random.normal();
    return { vectors: unitRows(vectors), labels };
  }

  it.each([2, 4, 5])('finds all %i images of it and none of the others', async (strange) => {
    const { vectors, labels } = withStranger(strange);
    const rows = Array.from({ length: EACH }, (_, i) => i);
    const prototypes = Array.from({ length: PEOPLE }, (_, label) => (label === 0 ? rows.slice(strange) : null));
    const { pNoise } = await estimateOf(vectors, labels, { prototypes });
    expect(pNoise.findIndex((p) => p < 0.5)).toBe(strange);
    expect(pNoise.filter((p) => p >= 0.5)).toHaveLength(strange);
  });
});

describe('two images of an identity that contradict each other', () => {
  it('go both to review: nobody knows which is wrong', async () => {
    const random = randomOf('pair');
    const { vectors, labels } = people(random);
    const alone = labels.map((label, i) => (label === 0 && i > 1 ? 1 + (i % (PEOPLE - 1)) : label));
    const stranger = direction(random);
    vectors.data.set(stranger, 0); // one of the two left
    for (let i = 2; i < EACH; i++)
      vectors.data.copyWithin(i * DIMENSIONS, (alone[i] * EACH + 1) * DIMENSIONS, (alone[i] * EACH + 2) * DIMENSIONS);
    const { pNoise } = await estimateOf(vectors, alone);
    for (const p of [pNoise[0], pNoise[1]]) {
      expect(p).toBeGreaterThanOrEqual(defaults.sift.reviewAt);
      expect(p).toBeLessThan(defaults.sift.dropAt);
    }
  });
});

describe('an image of poor quality', () => {
  const [sharp, poor, noise] = [300, 60, 12];
  const random = randomOf('poor');
  const of = (count: number, middle: number, spread: number): number[] =>
    Array.from({ length: count }, () => middle + spread * random.normal());
  const scores = Float64Array.from([
    ...of(sharp, -0.5, 0.08),
    ...of(poor - 1, -0.15, 0.12),
    0.2, // of poor quality, and as like a stranger as noise is
    ...of(noise, 0.3, 0.06),
  ]);
  const asked = sharp + poor - 1;
  const everywhere = (value: number): Float64Array => new Float64Array(scores.length).fill(value);
  const weigh = (poorQuality: number): Posterior =>
    noisePosterior({
      scores,
      others: everywhere(9),
      trustedOthers: everywhere(9),
      rows: [...scores.keys()],
      labels: new Int32Array(scores.length),
      isAside: Array.from(scores, () => false),
      typical: typicalScores(
        scores,
        [scores.map((_, i) => (i >= sharp && i < sharp + poor ? poorQuality : 1) + i * 1e-6)],
        scores.map((score) => Number(score < 0)),
      ),
      known: { open: Float64Array.from(of(5000, 0.3, 0.1)), closed: Float64Array.from(of(5000, 0.7, 0.1)) },
    });

  it('is doubted and not noise: what is seen in it is what others of its quality show', () => {
    const { pNoise, pIfSharp } = weigh(0.5);
    expect(pNoise[asked]).toBeLessThan(0.5);
    expect(pIfSharp[asked]).toBeGreaterThan(0.8);
    expect(Math.min(...pNoise.slice(sharp + poor))).toBeGreaterThan(0.8);
  });

  it('is asked about where more than one of a hundred clean images scores as high, however much noise there is', () => {
    const half = Float64Array.from([...of(400, -0.5, 0.1), -0.26, 0.1, ...of(400, 0.1, 0.2)]);
    const all = (value: number): Float64Array => new Float64Array(half.length).fill(value);
    const { pNoise, ceilingByScore } = noisePosterior({
      ...{ scores: half, others: all(9), trustedOthers: all(9), rows: [...half.keys()] },
      ...{ labels: new Int32Array(half.length), isAside: Array.from(half, () => false) },
      typical: { middle: all(-0.5), spread: all(0.1) },
      known: { open: Float64Array.from(of(5000, 0.1, 0.2)), closed: new Float64Array(0) },
    });
    // 2.4 deviations from the clean images, of whose smoothed scores more than 1 % lie above; and 6, where none do.
    expect(pNoise[400]).toBeGreaterThan(0.5);
    expect(ceilingByScore[400]).toBeLessThan(defaults.sift.dropAt);
    expect(ceilingByScore[400]).toBeGreaterThanOrEqual(defaults.sift.reviewAt);
    expect(ceilingByScore[401]).toBe(1);
  });

  it('does not raise the share of noise', () => {
    const { share } = weigh(0.5);
    expect(Math.abs(share.open + share.closed - noise / scores.length)).toBeLessThan(0.01);
  });
});

describe('images whose quality is not known', () => {
  it('have one typical score, whatever their order', () => {
    const scores = Float64Array.from({ length: 200 }, (_, i) => (i < 20 ? -0.9 : -0.4 - 0.001 * i));
    const { middle, spread } = typicalScores(
      scores,
      [null],
      scores.map(() => 1),
    );
    expect(new Set(middle)).toEqual(new Set([median(scores)]));
    expect(new Set(spread).size).toBe(1);
  });
});

describe('a log-concave density', () => {
  const random = randomOf('log-concave');
  const places = placesOver(-5, 15);

  it('has one hump, and is a density', () => {
    const samples = Float64Array.from({ length: 2000 }, (_, i) => random.normal() + (i % 10 === 0 ? 8 : 0));
    const { values, step } = logConcave(kernelDensity(places, samples, new Float64Array(2000).fill(1), 0.2));
    const logs = values.map(Math.log);
    for (let i = 2; i < logs.length; i++)
      if (logs[i] > -50 && logs[i - 2] > -50)
        expect(logs[i] - logs[i - 1]).toBeLessThanOrEqual(logs[i - 1] - logs[i - 2] + 1e-9);
    expect(values.reduce((a, b) => a + b, 0) * step).toBeCloseTo(1, 9);
  });

  it('is a normal one where the samples are normal', () => {
    const samples = Float64Array.from({ length: 20_000 }, () => random.normal());
    const density = logConcave(kernelDensity(places, samples, new Float64Array(20_000).fill(1), 0.1));
    for (const x of [-1, 0, 0.5, 1.5])
      expect(densityAt(density, x)).toBeCloseTo(Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI), 1);
  });
});
