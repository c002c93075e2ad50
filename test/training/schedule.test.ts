import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/core/resolve-config.js';
import { learningRateAt, marginShareAt } from '../../src/training/schedule.js';

const { train } = resolveConfig({ learningRate: 0.8, learningRateWarmup: 0.2, marginWarmup: 0.25 });
const rateAt = (done: number): number => learningRateAt(done, train);

describe('the learning rate', () => {
  it('starts next to nothing, and rises in a straight line to its peak at the end of the warm-up', () => {
    expect(rateAt(0)).toBeGreaterThan(0);
    expect(rateAt(0)).toBeLessThan(0.01 * 0.8);
    expect(rateAt(0.2)).toBeCloseTo(0.8, 9);
    expect(rateAt(0.1)).toBeCloseTo((rateAt(0) + rateAt(0.2)) / 2, 9);
    expect(rateAt(0.15)).toBeCloseTo((rateAt(0.1) + rateAt(0.2)) / 2, 9);
  });

  it('falls from the peak to zero as half a wave of a cosine', () => {
    const at = (down: number): number => rateAt(0.2 + down * (1 - 0.2));
    expect(at(0.25)).toBeCloseTo((0.8 * (1 + Math.SQRT1_2)) / 2, 9); // cos 45 degrees
    expect(at(0.5)).toBeCloseTo(0.8 / 2, 9);
    expect(at(0.75)).toBeCloseTo((0.8 * (1 - Math.SQRT1_2)) / 2, 9);
    expect(at(1)).toBeCloseTo(0, 9);
  });
});

describe('the share of the margin', () => {
  it('grows in a straight line from nothing, and stays whole', () => {
    expect([0, 0.05, 0.125, 0.25, 0.5, 0.99].map((done) => marginShareAt(done, train))).toEqual([0, 0.2, 0.5, 1, 1, 1]);
  });

  it('is whole from the first step on without a warm-up', () => {
    const { train: atOnce } = resolveConfig({ marginWarmup: 0 });
    expect([0, 0.5].map((done) => marginShareAt(done, atOnce))).toEqual([1, 1]);
  });
});
