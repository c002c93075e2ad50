import { describe, expect, it } from 'vitest';
import { type ArmFigures, compareArms, estimateOf } from '../../src/metrics/compare-arms.js';
import { gainSentences } from '../../src/metrics/gain-sentences.js';

const figures = (accuracy: number, rank1: number | null = null): ArmFigures => ({
  ...{ accuracy, rank1, auc: accuracy, eer: 1 - accuracy },
});

/** Five folds, of which the purified arm is `gains` better than the crawl as it was, and .01 better than random removal. */
const folds = (gains: readonly number[], rank1: number | null = null) =>
  gains.map((gain, i) => {
    const before = 0.8 + 0.02 * i;
    const after = before + gain;
    return { before: figures(before, rank1), after: figures(after, rank1), random: figures(after - 0.01, rank1) };
  });

describe('the interval over folds', () => {
  it('is the one of the corrected resampled t-test', () => {
    const { estimate, low, high } = estimateOf([0.1, 0.2, 0.3, 0.4, 0.5]);
    // sd^2 = .025; (1/5 + 1/4) .025 = .01125; t(4) = 2.776
    expect(estimate).toBeCloseTo(0.3, 12);
    expect(high - estimate).toBeCloseTo(2.776 * Math.sqrt(0.01125), 9);
    expect(estimate - low).toBeCloseTo(high - estimate, 12);
  });

  it('of a share stays between 0 and 1', () => {
    const { verification } = compareArms(
      folds([0.1, 0.1, 0.1, 0.1, 0.1]).map(({ before }, i) => {
        const steep = figures(i % 2 === 0 ? 0.99 : 0.4);
        return { before, after: steep, random: steep };
      }),
    );
    expect(verification.after.interval.high).toBe(1);
  });
});

describe('what is said of a difference', () => {
  it('no difference can be seen where the interval contains 0', () => {
    const [over] = gainSentences(compareArms(folds([-0.03, 0.02, 0.04, -0.01, 0.01])));
    expect(over).toMatch(
      /^accuracy, the purified set against the crawl as it was: \+0\.6 points \(-\d\.\d to \+\d\.\d\): no difference can be seen at this size$/,
    );
  });

  it('better or worse where it does not', () => {
    const said = (gain: number): string[] =>
      gainSentences(compareArms(folds([gain, gain * 1.1, gain * 0.9, gain, gain])));
    expect(said(0.05)[0]).toMatch(/\+5\.0 points \(\+4\.\d to \+5\.\d\): cleaning is better$/);
    expect(said(-0.05)[0]).toMatch(/-5\.0 points \(-5\.\d to -4\.\d\): cleaning is worse$/);
    expect(said(-0.05)[1]).toContain('random removal: +1.0 points (+1.0 to +1.0): cleaning is better');
  });

  it('of rank 1 only where every fold has probes', () => {
    expect(gainSentences(compareArms(folds([0.1, 0.2], 0.9)))).toHaveLength(4);
    const missing = folds([0.1, 0.2], 0.9).map((fold, i) => (i === 0 ? fold : { ...fold, after: figures(0.9) }));
    expect(compareArms(missing).identification).toBeUndefined();
    expect(gainSentences(compareArms(missing))).toHaveLength(2);
  });
});
