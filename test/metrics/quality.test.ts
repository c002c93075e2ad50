import { describe, expect, it } from 'vitest';
import { randomOf } from '../../src/core/random.js';
import { fitQualityWeight } from '../../src/metrics/fit-qmagface.js';
import { measurePairs } from '../../src/metrics/pair-measures.js';
import { scoreByName } from '../../src/metrics/pair-scores.js';
import { qualityBins } from '../../src/metrics/quality-bins.js';
import { verificationOf } from '../../src/metrics/verification.js';

describe('the quality of a pair', () => {
  it('is the smaller of its lengths', () => {
    const vectors = { data: Float32Array.of(1, 0, 0, 1, 0.6, 0.8), rows: 3, dimensions: 2 };
    const pairs = [{ first: 0, second: 1, same: false }, { first: 2, second: 0, same: true }]; // prettier-ignore
    const { same, cosines, qualities } = measurePairs({ vectors, norms: [3, 2, 7] }, pairs);
    expect([same, [...qualities]]).toEqual([[false, true], [2, 3]]); // prettier-ignore
    expect(cosines[1]).toBeCloseTo(0.6, 6);
  });
});

describe('QMagFace', () => {
  const score = (cosine: number, quality: number): number =>
    scoreByName('qmagface').higherIsMoreAlike(cosine, quality, { alpha: 0.1, beta: 0.1 });

  it('takes quality times (alpha - beta c) off the cosine, and never adds to it (eq. 6)', () => {
    expect(score(0.5, 10)).toBeCloseTo(0.5 - 10 * (0.1 - 0.05), 9);
    expect(score(-0.5, 2)).toBeCloseTo(-0.5 - 2 * (0.1 + 0.05), 9);
    expect(scoreByName('qmagface').higherIsMoreAlike(0.5, 10, { alpha: 0.01, beta: 0.1 })).toBe(0.5);
  });

  describe('its fit', () => {
    const random = randomOf('fit');
    /** Coarse cosines, so that scores tie; the worse of a pair's images, the less alike it looks. */
    const pairs = Array.from({ length: 1600 }, (_, i) => {
      const [same, quality] = [i % 4 === 0, 10 + 2 * random.integer(10)];
      const middle = same ? 0.02 * quality : 0.006 * quality;
      return { same, quality, cosine: Math.round((middle + 0.1 * random.normal()) * 25) / 25 };
    });
    const measures = {
      same: pairs.map(({ same }) => same),
      cosines: Float64Array.from(pairs, ({ cosine }) => cosine),
      qualities: Float64Array.from(pairs, ({ quality }) => quality),
    };
    const { parameters, points } = fitQualityWeight(measures);
    const impostors = 1200;

    it('looks at rates evenly by their logarithm, from one impostor pair to one in a hundred', () => {
      const rates = points.map(({ falseMatchRate }) => falseMatchRate);
      expect(rates[0]).toBeCloseTo(1 / impostors, 9);
      expect(rates.at(-1)).toBeCloseTo(0.01, 9);
      for (let i = 2; i < rates.length; i++) expect(rates[i] / rates[i - 1]).toBeCloseTo(rates[1] / rates[0], 9);
    });

    it('accepts above each threshold no more impostor pairs than its rate, and misses what does not lie above', () => {
      for (const { weight, threshold, falseMatchRate, falseNonMatchRate } of points) {
        const above = (wanted: boolean): number =>
          pairs.filter(({ same, cosine, quality }) => same === wanted && cosine + weight * quality > threshold).length;
        const below = pairs.filter(
          ({ same, cosine, quality }) => !same && cosine + weight * quality >= threshold - 1e-12,
        ).length;
        expect(above(false)).toBeLessThanOrEqual(falseMatchRate * impostors * (1 + 1e-9));
        expect(below).toBeGreaterThan(Math.floor(falseMatchRate * impostors * (1 - 1e-9))); // no stricter than must be
        expect(falseNonMatchRate).toBeCloseTo(1 - above(true) / 400, 9);
      }
    });

    it('is the line of least squares through the best weights: their errors have no mean and no slope', () => {
      const errors = points.map(({ threshold, weight }) => weight - (parameters.beta * threshold - parameters.alpha));
      expect(errors.reduce((sum, error) => sum + error, 0)).toBeCloseTo(0, 9);
      expect(errors.reduce((sum, error, i) => sum + error * points[i].threshold, 0)).toBeCloseTo(0, 9);
      expect(new Set(points.map(({ weight }) => weight)).size).toBeGreaterThan(1);
    });

    it('takes of weights that miss equally few the one nearest to none', () => {
      const apart = { ...measures, cosines: Float64Array.from(pairs, ({ same }) => (same ? 0.9 : -0.9)) };
      expect(new Set(fitQualityWeight(apart).points.map(({ weight }) => Math.abs(weight)))).toEqual(new Set([0]));
    });
  });
});

describe('errors by quality', () => {
  const qualities = Float64Array.from({ length: 16 }, (_, i) => i);
  const same = Array.from(qualities, (_, i) => i % 2 === 0);

  it('are of quarters of the pairs, each pair in one', () => {
    const bins = qualityBins(
      qualities.map(() => 0.5),
      same,
      qualities,
      0.6,
    );
    expect(bins.map(({ genuine, impostor }) => [genuine, impostor])).toEqual(Array(4).fill([2, 2]));
    expect([bins[0].from, bins[3].to]).toEqual([0, 15]);
    bins.slice(1).forEach(({ from }, i) => expect(from).toBe(bins[i].to));
  });

  it('count a pair at the edge of two quarters in the better one alone', () => {
    const seventeen = Float64Array.from({ length: 17 }, (_, i) => i); // quarters begin at 0, 4, 8 and 12
    const bins = qualityBins(
      seventeen,
      Array.from(seventeen, () => true),
      seventeen,
      0,
    );
    expect(bins.map(({ from, genuine }) => [from, genuine])).toEqual([[0, 4], [4, 4], [8, 4], [12, 5]]); // prettier-ignore
  });

  it('accept what scores the threshold', () => {
    const at = (threshold: number) =>
      qualityBins(
        qualities.map(() => 0.5),
        same,
        qualities,
        threshold,
      )[0];
    expect(at(0.5)).toMatchObject({ falseAccepts: 1, falseRejects: 0 });
    expect(at(0.51)).toMatchObject({ falseAccepts: 0, falseRejects: 1 });
  });

  it('are counted at the threshold that serves all pairs', () => {
    const scores = Float64Array.from(same, (one) => (one ? -0.2 : -0.8));
    for (const bin of verificationOf(scores, same, qualities, 2).byQuality)
      expect(bin).toMatchObject({ eer: 0, falseAccepts: 0, falseRejects: 0 });
  });
});

describe('true accepts', () => {
  it('are all genuine pairs where none scores as low as an impostor pair, and none where all do', () => {
    const same = Array.from({ length: 400 }, (_, i) => i % 2 === 0);
    const tar = (genuine: number): number | null =>
      verificationOf(
        Float64Array.from(same, (one) => (one ? genuine : 0.5)),
        same,
        null,
        10,
      ).tarAtFar['1e-1'];
    expect([tar(0.9), tar(0.1)]).toEqual([1, 0]);
  });
});
