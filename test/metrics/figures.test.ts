import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detect } from '../../src/metrics/detection.js';
import { foldAccuracy, foldBounds } from '../../src/metrics/fold-accuracy.js';
import { makePairs } from '../../src/metrics/make-pairs.js';
import {
  areaUnderRoc,
  averagePrecision,
  equalErrorPoint,
  impostorsNeeded,
  pointAtFar,
  rank,
} from '../../src/metrics/roc.js';

const scored = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean()), { minLength: 2, maxLength: 40 });
const both = scored.filter((rows) => rows.some(([, p]) => p) && rows.some(([, p]) => !p));
const rankingOf = (rows: (readonly [number, boolean])[]) =>
  rank(
    rows.map(([score]) => score),
    rows.map(([, positive]) => positive),
  );

describe('figures read from a ranking', () => {
  it('AUC is the share of pairs in which the positive wins, ties half', () => {
    fc.assert(
      fc.property(both, (rows) => {
        const wins = rows.flatMap(([a, p]) =>
          p ? rows.filter(([, q]) => !q).map(([b]) => (a > b ? 1 : a === b ? 0.5 : 0)) : [],
        );
        const expected = wins.reduce((sum: number, win) => sum + win, 0) / wins.length;
        expect(areaUnderRoc(rankingOf(rows))).toBeCloseTo(expected, 10);
      }),
    );
  });

  it('average precision counts a group of equal scores at once', () => {
    const rows = [
      [3, true],
      [2, true],
      [2, false],
      [1, false],
      [0, true],
    ] as const;
    expect(averagePrecision(rankingOf([...rows]))).toBeCloseTo((1 / 1 + 2 / 3 + 3 / 5) / 3, 10);
  });

  it('EER is 0 for a perfect split and 1/2 for a worthless score', () => {
    const perfect = rankingOf([
      [1, true],
      [2, true],
      [0, false],
      [-1, false],
    ]);
    const worthless = rankingOf([
      [1, true],
      [1, false],
    ]);
    expect(equalErrorPoint(perfect)).toEqual({ rate: 0, score: 1 });
    expect(equalErrorPoint(worthless)!.rate).toBe(0.5);
  });

  it('TAR is that of the laxest threshold within the FAR', () => {
    const impostors = Array.from({ length: 1000 }, (_, i) => [i / 1000, false] as const);
    const genuine = [0.5, 0.9885, 0.9905, 1].map((score) => [score, true] as const);
    const { falseAccepts, falseRejects, score } = pointAtFar(rankingOf([...impostors, ...genuine]), 0.01)!;
    expect([falseAccepts, falseRejects, score]).toEqual([0.01, 1 / 2, 0.99]); // ten impostors lie from 0.99 on
  });

  it('nothing is said at a FAR that impostors are too few for', () => {
    const ranking = (impostors: number) =>
      rankingOf([[2, true], ...Array.from({ length: impostors }, (_, i) => [i / impostors, false] as const)]);
    expect(['1e-1', '1e-2', '1e-3', '1e-4', '1e-5', '1e-6'].map((far) => impostorsNeeded(Number(far)))).toEqual([
      ...[100, 1000, 10_000, 100_000, 1_000_000, 10_000_000],
    ]);
    expect(pointAtFar(ranking(999), 0.01)).toBeNull();
    expect(pointAtFar(ranking(1000), 0.01)).not.toBeNull();
  });

  it('is null without one of the two kinds', () => {
    const ranking = rankingOf([[1, true]]);
    expect([areaUnderRoc(ranking), equalErrorPoint(ranking), pointAtFar(ranking, 0.1)]).toEqual([null, null, null]);
  });
});

describe('accuracy over folds', () => {
  it('judges each fold at the smallest distance that is best on the others', () => {
    const scores = [0.1, 0.9, 0.2, 0.8, 0.75, 0.7, 0.55, 0.95];
    const same = [false, true, false, true, true, true, false, true];
    const firstFold = 4 / 4; // the second fold's threshold, just beyond 0.7's distance, is right for all
    const secondFold = 2 / 4; // the first fold's, just beyond 0.8's, calls 0.75 and 0.7 different
    const { accuracy, std } = foldAccuracy(scores, same, 2);
    expect(accuracy).toBeCloseTo((firstFold + secondFold) / 2, 10);
    expect(std).toBeCloseTo((firstFold - secondFold) / 2, 10);
  });

  it('takes the folds as they lie, the first ones longer by the pairs that are left over', () => {
    expect(foldBounds(23, 10).map(([from, to]) => to - from)).toEqual([3, 3, 3, 2, 2, 2, 2, 2, 2, 2]);
    expect(foldBounds(23, 10).at(-1)).toEqual([21, 23]);
  });

  it('calls two the same only strictly below the threshold', () => {
    // At distance exactly 1 and impostors at 1.005: only thresholds above 1 accept the genuine pair.
    const scores = [0.5, 0.4975, 0.5, 0.4975];
    expect(foldAccuracy(scores, [true, false, true, false], 2).accuracy).toBe(0.5);
  });

  it('goes on below -1 for scores that are no cosines', () => {
    const same = Array.from({ length: 40 }, (_, i) => i % 2 === 0);
    const scores = same.map((one) => (one ? -3 : -9));
    expect(foldAccuracy(scores, same, 10).accuracy).toBe(1);
    expect(foldAccuracy([...scores.slice(0, -1), -1e9], same, 10).accuracy).toBe(1);
  });

  it('is perfect when a threshold parts the two kinds', () => {
    const same = Array.from({ length: 40 }, (_, i) => i % 2 === 0);
    const scores = same.map((one) => (one ? 0.9 : 0.1));
    expect(foldAccuracy(scores, same, 10)).toEqual({ accuracy: 1, std: 0 });
  });
});

describe('detection', () => {
  it('counts as its definitions say', () => {
    const rows = [
      { noise: 'open', flagged: true, pNoise: 0.9 },
      { noise: 'open', flagged: false, pNoise: 0.2 },
      { noise: 'closed', flagged: true, pNoise: 0.8 },
      { noise: 'none', flagged: true, pNoise: 0.7 },
      { noise: 'none', flagged: false, pNoise: 0.1 },
      { noise: 'none', flagged: false, pNoise: 0 },
    ] as const;
    expect(detect(rows)).toMatchObject({
      precision: 2 / 3,
      recall: 2 / 3,
      f1: (2 * 2) / (3 + 3),
      auroc: (3 + 3 + 2) / 9,
      recallByNoise: { open: 1 / 2, closed: 1, nonface: null },
      cleanLoss: 1 / 3,
    });
  });

  it('tells precision from recall', () => {
    const rows = [true, true, true, false, false].map((flagged, i) => ({
      ...{ flagged, noise: i === 2 ? ('none' as const) : ('open' as const), pNoise: 0.5 },
    }));
    expect(detect(rows)).toMatchObject({ precision: 2 / 3, recall: 2 / 4, flagged: 3, noisy: 4 });
  });

  it('ranks only images whose p_noise is known', () => {
    const known = [
      { noise: 'open', flagged: true, pNoise: 0.6 },
      { noise: 'none', flagged: false, pNoise: 0.5 },
    ] as const;
    const unknown = { noise: 'open', flagged: false, pNoise: null } as const;
    expect(detect([...known, unknown])).toMatchObject({ auroc: 1, averagePrecision: 1, recall: 1 / 2 });
  });

  it('has no figure where there is nothing to find', () => {
    expect(detect([{ noise: 'none', flagged: false, pNoise: 0 }])).toMatchObject({
      precision: null,
      recall: null,
      auroc: null,
    });
  });
});

describe('pairs made of images', () => {
  const images = Array.from({ length: 60 }, (_, index) => ({
    index,
    identity: `id${index % 6}`,
    heldOut: index % 4 === 0,
  }));

  it('hold a held-out image first, alternate, and tell who is the same', () => {
    const pairs = makePairs(images, 50, 1);
    expect(pairs).toHaveLength(2 * 50);
    pairs.forEach(({ first, second, same }, i) => {
      expect(images[first].heldOut).toBe(true);
      expect(first).not.toBe(second);
      expect(images[first].identity === images[second].identity).toBe(same);
      expect(same).toBe(i % 2 === 0);
    });
    expect(makePairs(images, 50, 1)).toEqual(pairs);
  });

  it('do not hold the same two images twice', () => {
    const genuine = makePairs(images, 10_000, 1).filter(({ same }) => same);
    const names = genuine.map(({ first, second }) => [first, second].sort((a, b) => a - b).join());
    expect(new Set(names).size).toBe(names.length);
  });
});
