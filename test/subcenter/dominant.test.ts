import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { angleDegreesOf, cosineOfDegrees } from '../../src/core/angles.js';
import { assignSubcenters, dominantOf } from '../../src/subcenter/dominant.js';
import { isBeyondAngle } from '../../src/subcenter/drop-rule.js';

describe('the dominant sub-centre', () => {
  it('has the most votes', () => {
    expect(dominantOf([1, 5, 2])).toEqual({ subcenter: 1, share: 5 / 8, clear: true });
  });

  it('is the lowest of those tied, and then not clear', () => {
    expect(dominantOf([1, 3, 3])).toEqual({ subcenter: 1, share: 3 / 7, clear: false });
  });

  it('is not clear where two share all votes', () => {
    expect(dominantOf([3, 3])).toEqual({ subcenter: 0, share: 1 / 2, clear: false });
  });

  it('is not clear below half of the votes', () => {
    expect(dominantOf([3, 2, 2]).clear).toBe(false);
    expect(dominantOf([2, 1, 1]).clear).toBe(true);
  });

  it('is the first with as many votes as the most, whatever the votes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(20), { minLength: 1, maxLength: 8 }).filter((v) => v.some((n) => n > 0)),
        (votes) => {
          const { subcenter, share } = dominantOf(votes);
          expect(votes.slice(0, subcenter).every((n) => n < votes[subcenter])).toBe(true);
          expect(votes.every((n) => n <= votes[subcenter])).toBe(true);
          expect(share).toBeCloseTo(votes[subcenter] / votes.reduce((a, b) => a + b));
        },
      ),
    );
  });
});

describe("insightface's drop.py", () => {
  /** Its selection, ported line by line from the description in the literature: the oracle. */
  function keptByOracle(embeddings: number[][], centres: number[][], angle: number): boolean[] {
    const cosine = (a: number[], b: number[]): number => a.reduce((sum, value, d) => sum + value * b[d], 0);
    const votes = embeddings.map((x) => {
      const cosines = centres.map((centre) => cosine(x, centre));
      return cosines.indexOf(Math.max(...cosines));
    });
    const counts = centres.map((_, k) => votes.filter((vote) => vote === k).length);
    const dominant = counts.indexOf(Math.max(...counts));
    return embeddings.map((x) => cosine(x, centres[dominant]) > Math.cos((angle * Math.PI) / 180));
  }

  const onCircle = (degrees: number): number[] => [cosineOfDegrees(degrees), Math.sin((degrees * Math.PI) / 180)];

  it('keeps an image of another sub-centre that is near the dominant one, and drops one of the dominant that is far', () => {
    const centres = [onCircle(0), onCircle(60)];
    const images = [onCircle(0), onCircle(5), onCircle(-10), onCircle(50), onCircle(-80)];
    const assignment = assignSubcenters(
      { data: Float32Array.from(images.flat()), rows: images.length, dimensions: 2 },
      { data: Float32Array.from(centres.flat()), rows: 2, dimensions: 2 },
      new Int32Array(images.length),
      2,
    );
    expect([...assignment.subcenter]).toEqual([0, 0, 0, 1, 0]);
    const kept = Array.from(assignment.cosDominant, (cosine) => !isBeyondAngle(cosine, 75));
    expect(kept).toEqual([true, true, true, true, false]);
    expect(kept).toEqual(keptByOracle(images, centres, 75));
  });

  it('agrees with the oracle on any embeddings', () => {
    const angles = fc.array(fc.integer({ min: -179, max: 180 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        angles,
        fc.integer({ min: -179, max: 180 }),
        fc.integer({ min: 10, max: 170 }),
        (images, apart, angle) => {
          const rows = images.map(onCircle);
          const centres = [onCircle(0), onCircle(apart + 0.5)];
          const matrix = (values: number[][]) => ({
            data: Float32Array.from(values.flat()),
            rows: values.length,
            dimensions: 2,
          });
          const assignment = assignSubcenters(matrix(rows), matrix(centres), new Int32Array(rows.length), 2);
          const kept = Array.from(assignment.cosDominant, (cosine) => !isBeyondAngle(cosine, angle + 0.25));
          expect(kept).toEqual(keptByOracle(rows, centres, angle + 0.25));
        },
      ),
    );
  });

  it('drops at exactly the angle: only a greater cosine is kept', () => {
    expect(isBeyondAngle(cosineOfDegrees(75), 75)).toBe(true);
    expect(isBeyondAngle(cosineOfDegrees(74.99), 75)).toBe(false);
  });

  it('drops whatever angle is shown as the one asked for or more, rounding included', () => {
    for (let angle = 1; angle < 180; angle++)
      for (const near of [-2, -1, 0, 1, 2]) {
        const cosine = cosineOfDegrees(angle) + near * 2 ** -53;
        if (angleDegreesOf(cosine) >= angle) expect(isBeyondAngle(cosine, angle), `${angle} degrees`).toBe(true);
      }
  });
});
