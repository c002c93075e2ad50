import { describe, expect, it } from 'vitest';
import { EmptyInputError } from '../../src/core/errors.js';
import { FeatureError } from '../../src/core/labelled-features.js';
import { verify } from '../../src/metrics/verify.js';

/** Two people at right angles, five images each, of lengths 1 to 5. */
const features = Array.from({ length: 10 }, (_, i) => (i < 5 ? [1 + i, 0.1] : [0.1, i - 4]));
const pairs = features.flatMap((_, first) =>
  features.slice(first + 1).map((__, i) => {
    const second = first + 1 + i;
    return { first, second, same: first < 5 === second < 5 };
  }),
);

describe('verify', () => {
  it('finds no error between people who are far apart', () => {
    const result = verify({ features, pairs });
    expect(result).toMatchObject({ accuracy: 1, auc: 1, eer: 0, genuine: 20, impostor: 25 });
    expect(result.tarAtFar['1e-3']).toBeNull(); // 10,000 impostor pairs are needed
    expect(result.byQuality.length).toBeGreaterThan(1);
  });

  it('gives the same from scores, whose quality is not known', () => {
    const unit = features.map((row) => row.map((value) => value / Math.hypot(...row)));
    const scores = pairs.map(
      ({ first, second }) => unit[first][0] * unit[second][0] + unit[first][1] * unit[second][1],
    );
    const bySame = verify({ scores, same: pairs.map(({ same }) => same) });
    expect(bySame).toEqual({ ...verify({ features, pairs }), byQuality: [] });
  });

  it('counts half of the pairs right where scores say nothing', () => {
    const same = Array.from({ length: 200 }, (_, i) => i % 2 === 0);
    const { auc, eer } = verify({ scores: same.map((_, i) => (i % 4 < 2 ? 1 : 0)), same });
    expect([auc, eer]).toEqual([0.5, 0.5]);
  });

  it.each([
    [
      'fewer scores than answers',
      { scores: [1], same: [true, false] },
      /"scores" has 1 entries, and there are 2 pairs/,
    ],
    ['a score that is not finite', { scores: [1, NaN], same: [true, false] }, /The score of pair 1 is NaN/],
    ['a row that does not exist', { features, pairs: [{ first: 0, second: 10, same: true }] }, /Pair 0 names row 10/],
  ])('refuses %s', (_, input, message) => {
    expect(() => verify(input)).toThrow(FeatureError);
    expect(() => verify(input)).toThrow(message);
  });

  it('refuses pairs of one kind, no pairs, and a single fold', () => {
    expect(() => verify({ scores: [1, 0], same: [true, true] })).toThrow(EmptyInputError);
    expect(() => verify({ features, pairs: [] })).toThrow(EmptyInputError);
    expect(() => verify({ scores: [1, 0], same: [true, false] }, { folds: 1 })).toThrow(/"folds" must be/);
  });
});
