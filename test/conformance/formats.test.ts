import { describe, expect, it } from 'vitest';
import { gateFormats } from '../../src/gate/formats.js';
import { judge } from '../../src/gate/judge.js';
import { gateRules } from '../../src/gate/rules.js';
import type { Metrics } from '../../src/gate/metrics.js';

const metrics: Metrics = {
  ...{ images: 90, unreadable: 10, duplicates: 9, review: 18, noiseRate: 0.2 },
  keptByIdentity: { A: 40, B: 3, C: 0 },
  droppedByIdentity: { A: 0.1, B: 0.5, C: 1 },
  ...{ verificationAccuracy: 0.9, indexRecall: null, referenceOverlap: null, mergeProposals: null, splitProposals: 2 },
};

describe('gate rules', () => {
  const actual = (id: string) => judge([{ id, max: 1, severity: 'error' }], metrics).rules[0];

  it('measure what they say', () => {
    expect(actual('noise-rate').actual).toBe(0.2);
    expect(actual('unreadable-rate').actual).toBe(10 / (90 + 10));
    expect(actual('duplicate-rate').actual).toBe(9 / 90);
    expect(actual('review-rate').actual).toBe(18 / 90);
    expect(actual('identities').actual).toBe(2);
    expect(actual('split-proposals').actual).toBe(2);
    expect(actual('merge-proposals').outcome).toBe('not-run');
    expect(actual('images-per-identity')).toMatchObject({ actual: 0, detail: 'C' });
    expect(actual('dropped-per-identity')).toMatchObject({ actual: 1, detail: 'C' });
  });

  it.each(gateRules)('$id gives a figure or a reason', ({ id }) => {
    const rule = actual(id);
    if (rule.outcome === 'not-run') expect(rule.detail).not.toBe('');
    else expect(rule.actual).not.toBeNull();
  });

  it('fail, warn, pass', () => {
    const outcome = (max: number, severity: 'error' | 'warn') => judge([{ id: 'noise-rate', max, severity }], metrics);
    expect(outcome(0.1, 'error')).toMatchObject({ passed: false, rules: [{ outcome: 'fail' }] });
    expect(outcome(0.1, 'warn')).toMatchObject({ passed: true, rules: [{ outcome: 'warn' }] });
    expect(outcome(0.2, 'error')).toMatchObject({ passed: true, rules: [{ outcome: 'pass' }] });
  });
});

describe.each(gateFormats)('a gate as $name', (format) => {
  it('names every rule and its outcome', () => {
    const result = judge(
      [
        { id: 'noise-rate', max: 0.1, severity: 'error' },
        { id: 'drift', max: 1, severity: 'warn' },
      ],
      metrics,
    );
    const text = format.write(result);
    for (const { id, outcome } of result.rules) {
      expect(text).toContain(id);
      expect(text.toLowerCase()).toContain(outcome);
    }
  });
});
