import { describe, expect, it } from 'vitest';
import { blocksOf } from '../../src/core/vectors.js';
import { randomOf } from '../../src/core/random.js';
import { inSpace } from '../../src/core/spaces.js';
import { densityAt, fallingMeans, kernelDensity, logConcave, placesOver, upperPoint } from '../../src/noise/density.js';
import { fitMixture, noiseProbabilities } from '../../src/noise/mixture.js';
import { noisePosterior } from '../../src/noise/noise-posterior.js';
import { towardsStrangers } from '../../src/noise/lowest-quality.js';
import { chooseCut } from '../../src/noise/threshold.js';
import { typicalScores } from '../../src/noise/typical-scores.js';
import { fitWhitening, whiten } from '../../src/noise/wccn.js';

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0);

describe('a density of samples', () => {
  const places = placesOver(-2, 2);
  const of = (samples: number[], weights = samples.map(() => 1)) => kernelDensity(places, samples, weights, 0.1);

  it('sums to 1, and is a normal round each sample', () => {
    const density = of([0.5]);
    expect(sum(density.values) * density.step).toBeCloseTo(1, 6);
    expect(densityAt(density, 0.5)).toBeCloseTo(1 / (0.1 * Math.sqrt(2 * Math.PI)), 1);
    expect(densityAt(density, 0.6) / densityAt(density, 0.5)).toBeCloseTo(Math.exp(-0.5), 1);
  });

  it('counts a sample by its weight', () => {
    const [weighed, repeated] = [of([-1, 1], [3, 1]), of([-1, -1, -1, 1])];
    weighed.values.forEach((value, i) => expect(value).toBeCloseTo(repeated.values[i], 9));
  });

  it('is a straight line between two places', () => {
    const line = { from: 0, step: 1, values: Float64Array.of(2, 4, 8) };
    expect([0, 0.5, 1, 1.25, 2, 9, -9].map((x) => densityAt(line, x))).toEqual([2, 3, 4, 5, 8, 8, 2]);
  });

  it('has a place above which a given share of it lies', () => {
    const flat = { from: 0, step: 0.1, values: new Float64Array(10).fill(1) };
    expect(upperPoint(flat, 0.25)).toBeCloseTo(0.8, 9);
    expect(upperPoint(flat, 0)).toBeCloseTo(1, 9);
    const random = randomOf('upper');
    const normal = of(Array.from({ length: 20_000 }, () => 0.5 * random.normal()));
    expect(upperPoint(normal, 0.01)).toBeCloseTo(2.326 * Math.hypot(0.5, 0.1), 1);
  });

  it('that is log-concave goes on beyond its samples as it ended', () => {
    const random = randomOf('tail');
    const { values, step } = logConcave(of(Array.from({ length: 500 }, () => 0.2 * random.normal())));
    const logs = Array.from(values, Math.log).filter((value) => value > -50);
    const slopes = logs.slice(1).map((value, i) => (value - logs[i]) / step);
    expect(slopes[slopes.length - 2]).toBeLessThan(-1);
    expect(slopes[slopes.length - 2]).toBeCloseTo(slopes[slopes.length - 4], 4);
    expect(slopes[1]).toBeCloseTo(slopes[3], 4);
  });
});

describe('the nearest falling sequence', () => {
  it('takes values together that rise, by their weights, and no others', () => {
    expect([...fallingMeans([1, 3], [1, 3])]).toEqual([2.5, 2.5]);
    expect([...fallingMeans([5, 1, 3, 0], [1, 1, 1, 1])]).toEqual([5, 2, 2, 0]);
    expect([...fallingMeans([1, 2, 6], [1, 1, 2])]).toEqual([3.75, 3.75, 3.75]);
  });
});

describe('a mixture', () => {
  it('has no group that is a point', () => {
    const scores = Float64Array.from({ length: 200 }, (_, i) => (i < 20 ? 1 : i < 100 ? -1 : -1 - (i % 10) / 20));
    const mixture = fitMixture(
      scores,
      Array.from(scores, (_, i) => i < 20),
    );
    const centre = sum(scores) / 200;
    const spread = sum(scores.map((score) => (score - centre) ** 2)) / 200;
    for (const { variance } of [...mixture.clean, ...mixture.noise])
      expect(variance).toBeGreaterThanOrEqual(0.01 * spread * (1 - 1e-9));
    expect(noiseProbabilities(scores, mixture).every(Number.isFinite)).toBe(true);
  });

  it('is never less noise at a higher score, though a clean group lies beyond', () => {
    const mixture = {
      clean: [{ weight: 0.5, mean: -1, variance: 0.05 }, { weight: 0.3, mean: 3, variance: 0.05 }], // prettier-ignore
      noise: [{ weight: 0.2, mean: 1, variance: 0.05 }],
    };
    const [low, middle, high] = noiseProbabilities(Float64Array.of(-1, 1, 3), mixture);
    expect([low < 0.01, middle > 0.99, high]).toEqual([true, true, middle]);
  });
});

describe('p_noise of images that score as noise alone does', () => {
  const random = randomOf('posterior');
  const near = (middle: number, spread: number, count: number): number[] =>
    Array.from({ length: count }, () => middle + spread * random.normal());
  /** Clean images, and noise; four more as the last ones, which are asked about. */
  function posterior(noise: number, asked: { others: number; trusted: number }[], clean = 1000) {
    const scores = Float64Array.from([...near(-0.6, 0.08, clean), ...near(0.4, 0.05, noise), ...asked.map(() => 0.4)]);
    const of = (value: number, name: 'others' | 'trusted') =>
      Float64Array.from(scores, (_, i) => asked[i - clean - noise]?.[name] ?? value);
    const found = noisePosterior({
      ...{ scores, others: of(9, 'others'), trustedOthers: of(9, 'trusted'), rows: [...scores.keys()] },
      ...{ labels: new Int32Array(scores.length), isAside: Array<boolean>(scores.length).fill(false) },
      typical: {
        middle: new Float64Array(scores.length).fill(-0.6),
        spread: new Float64Array(scores.length).fill(0.08),
      },
      known: { open: Float64Array.from(near(0.4, 0.1, 4000)), closed: new Float64Array(0) },
    });
    return { share: found.share.open + found.share.closed, pNoise: [...found.pNoise.slice(clean + noise)] };
  }
  const odds = (p: number): number => p / (1 - p);

  it('is the share of noise against that of clean images that look like it: failures of the network, and contradictions', () => {
    const asked = [{ others: 9, trusted: 5 }, { others: 9, trusted: 0 }, { others: 3, trusted: 0 }, { others: 1, trusted: 0 }]; // prettier-ignore
    const { share, pNoise } = posterior(60, asked);
    expect(share).toBeGreaterThan(0.04);
    expect(share).toBeLessThan(0.08);
    /** Where no other is trusted, at most one of all is right. */
    const contradicted = (others: number): number => share / (share + others * (1 - share));
    const strays = [0, contradicted(9), contradicted(3), contradicted(1)].map((stray) => 0.001 + stray);
    pNoise.forEach((p, i) => expect(odds(p) / (share / (1 - share) / strays[i])).toBeCloseTo(1, 1));
  });

  it('is not sure of a single one: the network itself fails in one of a thousand', () => {
    const { pNoise } = posterior(0, [{ others: 9, trusted: 5 }], 999);
    expect(pNoise[0]).toBeLessThan(0.7);
    expect(posterior(20, [{ others: 9, trusted: 5 }]).pNoise[0]).toBeGreaterThan(0.9);
  });
});

describe('the cut', () => {
  const settings = { dropAt: 0.5, reviewAt: 0.1 };

  it('drops no image that is certainly clean, however much recall is asked for', () => {
    const { dropAt } = chooseCut(Float64Array.of(0.9, 0.3, 0, 0), { ...settings, targetRecall: 1 });
    expect(dropAt).toBeGreaterThan(0);
    expect(dropAt).toBeLessThanOrEqual(0.3);
    expect(chooseCut(Float64Array.of(0, 0), { ...settings, dropAt: 0 }).dropAt).toBeGreaterThan(0);
  });

  it('of two targets is the one that drops less', () => {
    const pNoise = Float64Array.from({ length: 1000 }, (_, i) => (i + 0.5) / 1000);
    const at = (targets: object): number => chooseCut(pNoise, { ...settings, ...targets }).dropAt;
    const [precise, complete] = [at({ targetPrecision: 0.9 }), at({ targetRecall: 0.9 })];
    expect(precise).toBeGreaterThan(complete);
    expect(at({ targetPrecision: 0.9, targetRecall: 0.9 })).toBe(precise);
    expect(at({ targetPrecision: 0.6, targetRecall: 0.1 })).toBe(at({ targetRecall: 0.1 }));
  });
});

describe('typical scores', () => {
  it('have the spread of a normal distribution as its deviation, and no less than can be told', () => {
    const random = randomOf('spread');
    const scores = Float64Array.from({ length: 4000 }, () => -0.5 + 0.1 * random.normal());
    const yes = new Float64Array(scores.length).fill(1);
    expect(typicalScores(scores, [null], yes).spread[0]).toBeCloseTo(0.1, 2);
    const same = typicalScores(
      scores.map(() => -0.5),
      [null],
      yes,
    );
    expect([same.middle[0], same.spread[0]]).toEqual([-0.5, 0.02]);
  });

  it('are those of trusted images, where there are some', () => {
    const scores = Float64Array.from({ length: 100 }, (_, i) => (i < 60 ? -0.5 : 0.5));
    const middleOf = (trusted: (i: number) => boolean): number =>
      typicalScores(
        scores,
        [null],
        Float64Array.from(scores, (_, i) => Number(trusted(i))),
      ).middle[0];
    expect([middleOf((i) => i < 10), middleOf((i) => i >= 90), middleOf(() => false)]).toEqual([-0.5, 0.5, -0.5]);
  });
});

describe('typical scores below the lowest quality', () => {
  const random = randomOf('lowest');
  const strangers = Float64Array.from({ length: 5000 }, () => 0.3 + 0.2 * random.normal());
  const typicalOf = (qualities: number[], trusted: number[]) => {
    const every = (value: number): Float64Array => new Float64Array(qualities.length).fill(value);
    return towardsStrangers(
      { middle: every(-0.5), spread: every(0.1) },
      qualities,
      Float64Array.from(trusted),
      strangers,
    );
  };

  it('are on the way to those of strangers, whom an embedding without length is like', () => {
    const { middle, spread } = typicalOf([8, 8, 4, 1e-9], [1, 1, 0, 0]);
    [-0.5, -0.5, -0.1, 0.3].forEach((value, i) => expect(middle[i]).toBeCloseTo(value, 2));
    [0.1, 0.1, Math.sqrt((0.1 ** 2 + 0.2 ** 2) / 2), 0.2].forEach((value, i) =>
      expect(spread[i]).toBeCloseTo(value, 2),
    );
  });

  it('are left as they are where nothing is trusted', () => {
    expect([...typicalOf([8, 1], [0, 0]).middle]).toEqual([-0.5, -0.5]);
  });
});

describe('whitening', () => {
  const random = randomOf('whitening');
  const [N, D, C] = [120, 5, 6];
  const labels = Int32Array.from({ length: N }, (_, i) => i % C);
  /** The last direction never varies. */
  const rows = Array.from({ length: N }, () =>
    Array.from({ length: D }, (_, d) => (d === D - 1 ? 0.3 : (d + 1) * random.normal())),
  );
  const matrixOf = (values: number[][]) =>
    inSpace('frozen', { data: Float32Array.from(values.flat()), rows: N, dimensions: D });
  const ones = new Float64Array(N).fill(1);
  const whitened = async (values: number[][], weights = ones): Promise<number[]> => {
    const rows_ = await whiten(await fitWhitening(matrixOf(values), labels, weights, C), matrixOf(values));
    return [...blocksOf(rows_)[0]];
  };
  const expectSame = (actual: number[], expected: number[]): void =>
    actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 3));

  it('does not depend on where the set lies', async () => {
    expectSame(await whitened(rows.map((row) => row.map((value, d) => value + d - 2))), await whitened(rows));
  });

  it('knows only how images of one class differ: where the classes lie does not change it', async () => {
    const moved = rows.map((row, i) => row.map((value, d) => value + 20 * Math.sin(labels[i] * 7 + d)));
    const root = async (values: number[][]): Promise<number[]> => [
      ...(await fitWhitening(matrixOf(values), labels, ones, C)).root,
    ];
    const [here, there] = [await root(rows), await root(moved)];
    there.forEach((value, i) => expect(value / here[0]).toBeCloseTo(here[i] / here[0], 3));
  });

  it('counts images by their weight', async () => {
    const half = ones.map((_, i) => Number(i >= 60));
    const changed = rows.map((row, i) => (i < 60 ? row.map((value) => 5 - 9 * value) : row));
    const of = (values: number[][]) => fitWhitening(matrixOf(values), labels, half, C);
    expect((await of(changed)).root).toEqual((await of(rows)).root);
    expect((await of(changed)).centre).toEqual((await of(rows)).centre);
  });

  it('is a number in directions that never vary', async () =>
    expect((await whitened(rows)).every(Number.isFinite)).toBe(true));
});
