import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../src/core/random.js';
import { EmptyInputError } from '../../src/core/errors.js';
import type { PairMeasures } from '../../src/metrics/pair-measures.js';
import { pointAtFar, rank } from '../../src/metrics/roc.js';
import { scorePairs } from '../../src/metrics/pair-score.js';
import { scores } from '../../src/metrics/pair-scores.js';

/** Pairs whose cosines shrink with the quality, those of the same people and of strangers: one threshold cannot suit all. */
function drawnPairs(count: number, seed: number, lengths = 1): PairMeasures {
  const random = randomOf('pairs of all qualities', seed);
  const pairs = Array.from({ length: count }, () => {
    const same = random.uniform() < 0.5;
    const quality = random.uniform();
    const middle = (same ? 0.6 : 0.05) * (0.3 + 0.7 * quality);
    const spread = same ? 0.08 : 0.03 + 0.15 * quality;
    const cosine = Math.max(-1, Math.min(1, middle + spread * random.normal()));
    return { same, quality, cosine };
  });
  return {
    same: pairs.map(({ same }) => same),
    cosines: Float64Array.from(pairs, ({ cosine }) => cosine),
    qualities: Float64Array.from(pairs, ({ quality }) => lengths * (10 + 20 * quality)),
  };
}

const missedAt = (values: Float64Array, { same }: PairMeasures, far: number): number =>
  pointAtFar(rank(values, same), far)!.falseRejects;

describe.each(scores)('the score $name', (score) => {
  const fitted = score.fit?.(drawnPairs(4000, 1)).parameters ?? {};

  it('is a number at every cosine and length, and never above the cosine', () => {
    for (const cosine of [-1, -0.5, 0, 0.5, 1])
      for (const quality of [0, 1e-12, 1, 30, 1e6]) {
        const value = score.higherIsMoreAlike(cosine, quality, fitted);
        expect(Number.isFinite(value)).toBe(true);
        expect(value).toBeLessThanOrEqual(cosine);
      }
  });

  it('grows with the cosine', () => {
    const cosines = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(cosines, cosines, fc.double({ min: 0, max: 60, noNaN: true }), (a, b, quality) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(score.higherIsMoreAlike(low, quality, fitted)).toBeLessThanOrEqual(
          score.higherIsMoreAlike(high, quality, fitted),
        );
      }),
    );
  });

  it('is the cosine where an embedding has no length', () => {
    expect(score.higherIsMoreAlike(0.4, 0, fitted)).toBe(0.4);
  });

  it('scores as many pairs as there are', () => {
    const pairs = drawnPairs(50, 2);
    expect(scorePairs(score, pairs, fitted)).toHaveLength(50);
  });
});

describe.each(scores.filter(({ fit }) => fit))('the fit of $name', (score) => {
  const fit = score.fit!;

  it('finds fewer misses than the plain cosine on pairs it did not see', () => {
    const { parameters } = fit(drawnPairs(6000, 1));
    const unseen = drawnPairs(6000, 2);
    const plain = missedAt(unseen.cosines, unseen, 0.01);
    expect(missedAt(scorePairs(score, unseen, parameters), unseen, 0.01)).toBeLessThan(0.9 * plain);
  });

  it('does not depend on the unit of the lengths', () => {
    const [one, thousand] = [fit(drawnPairs(2000, 1)), fit(drawnPairs(2000, 1, 1000))];
    const unseen = drawnPairs(200, 3, 1000);
    const scored = scorePairs(score, unseen, thousand.parameters);
    const same = scorePairs(score, drawnPairs(200, 3), one.parameters);
    scored.forEach((value, i) => expect(value).toBeCloseTo(same[i], 9));
  });

  it('leaves the score alone where quality says nothing', () => {
    const pairs = drawnPairs(2000, 1);
    const { parameters } = fit({ ...pairs, qualities: pairs.qualities.map(() => 20) });
    const scored = scorePairs(score, pairs, parameters);
    scored.forEach((value, i) => expect(value).toBeCloseTo(pairs.cosines[i], 12));
  });

  it('refuses pairs that cannot tell, and says how many it takes', () => {
    expect(() => fit(drawnPairs(60, 1))).toThrow(EmptyInputError);
    const pairs = drawnPairs(400, 1);
    expect(() => fit({ ...pairs, same: pairs.same.map(() => false) })).toThrow('genuine pairs');
  });
});
