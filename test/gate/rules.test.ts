import { describe, expect, it } from 'vitest';
import { gateRules } from '../../src/gate/rules.js';
import type { Bounds } from '../../src/gate/rule.js';
import { MOST_OFFENDERS } from '../../src/gate/judge.js';
import { counts, image, judgedBy, metricsOf } from '../helpers/gate-metrics.js';

const metrics = metricsOf({
  readable: 6,
  unreadable: [{ path: 'A/broken.jpg', reason: 'the file is empty' }],
  decided: {
    known: {
      images: [
        image('A/1.jpg', 'keep', 'A'),
        image('A/2.jpg', 'drop', null),
        image('A/3.jpg', 'duplicate', null),
        image('B/1.jpg', 'relabel', 'A'),
        image('B/2.jpg', 'drop', null),
        image('A/4.jpg', 'review', 'A'),
      ],
      identities: [
        counts('A', { found: 4, copies: 1, dropped: 1, left: 3 }),
        counts('B', { found: 2, dropped: 1, relabelled: 1 }),
      ],
    },
  },
  noiseRate: { known: 0.2 },
  proposals: {
    known: {
      merges: [{ a: 'A', b: 'B', confidence: 0.9, cosine: 0.8, likeness: 1, pairsAboveBar: 1, examples: [] }],
      splits: [],
    },
  },
  shared: {
    known: {
      images: [{ path: 'A/1.jpg', reference: 'X/9.jpg', same: 'file' }],
      people: [{ identity: 'A', reference: 'X', cosine: 0.7 }],
    },
  },
  verification: { known: { accuracy: 0.9, of: 'trained on the crawl' } },
  indexRecall: { known: 1 },
});
const broken = (id: string, bounds: Bounds) => judgedBy(metrics, [{ id, ...bounds }]).rules[0];
const names = (rule: ReturnType<typeof broken>): string[] => rule.offenders.map(({ name }) => name);

describe('each rule measures what it says, and names who broke it', () => {
  it.each([
    ['noise-rate', { max: 0.1 }, 0.2, ['A/2.jpg', 'B/2.jpg', 'B/1.jpg']],
    ['unreadable-rate', { max: 0.1 }, 1 / (6 + 1), ['A/broken.jpg']],
    ['duplicate-rate', { max: 0.1 }, 1 / 6, ['A/3.jpg']],
    ['review-rate', { max: 0.1 }, 1 / 6, ['A/4.jpg']],
    ['identities', { min: 2 }, 1, ['B']],
    ['identities', { max: 0 }, 1, []],
    ['images-per-identity', { min: 4 }, 0, ['B', 'A']],
    ['dropped-per-identity', { max: 0.5 }, (1 + 1) / 2, ['B']],
    ['dropped-per-identity', { max: 0.3 }, (1 + 1) / 2, ['B', 'A']], // A lost 1 of 4 - 1
    ['merge-proposals', { max: 0 }, 1, ['B']],
    ['merge-proposals', { min: 2 }, 1, []],
    ['split-proposals', { min: 1 }, 0, []],
    ['reference-overlap', { max: 0 }, 2, ['A', 'A/1.jpg']],
    ['verification-accuracy', { min: 0.95 }, 0.9, []],
  ])('%s %o', (id, bounds, actual, offenders) => {
    const rule = broken(id, bounds);
    expect(rule).toMatchObject({ outcome: 'fail', actual, failsGate: true, offenderCount: offenders.length });
    expect(names(rule)).toEqual(offenders);
  });

  it('index-recall', () => {
    expect(broken('index-recall', { min: 1 })).toMatchObject({ outcome: 'pass', actual: 1, offenders: [] });
  });

  it('names nobody when it holds, and at most a hundred when it does not', () => {
    expect(broken('duplicate-rate', { max: 0.5 })).toMatchObject({ outcome: 'pass', offenders: [], offenderCount: 0 });
    const unreadable = Array.from({ length: 250 }, (_, i) => ({ path: `A/${i}.jpg`, reason: 'empty' }));
    const [many] = judgedBy(metricsOf({ unreadable }), [{ id: 'unreadable-rate', max: 0 }]).rules;
    expect([many.offenders.length, many.offenderCount]).toEqual([MOST_OFFENDERS, 250]);
  });

  it.each(gateRules)('$id is not run where nothing is known, and says why', ({ id, bounds }) => {
    const [rule] = judgedBy(metricsOf({}), [{ id, [bounds[0]]: 1 }]).rules;
    expect(rule).toMatchObject({ outcome: 'not-run', actual: null, failsGate: false });
    expect(rule.detail).toMatch(/./);
  });
});

describe('the gate', () => {
  const outcome = (max: number, severity: 'error' | 'warn') => judgedBy(metrics, [{ id: 'noise-rate', max, severity }]);

  it('fails on broken errors alone, bounds included in what is allowed', () => {
    expect(outcome(0.1, 'error')).toMatchObject({ passed: false, rules: [{ outcome: 'fail', failsGate: true }] });
    expect(outcome(0.1, 'warn')).toMatchObject({ passed: true, rules: [{ outcome: 'warn', failsGate: false }] });
    expect(outcome(0.2, 'error')).toMatchObject({ passed: true, rules: [{ outcome: 'pass' }] });
  });

  it('fails on what else it is told to', () => {
    const rules = [
      { id: 'noise-rate', max: 0.1, severity: 'warn' as const },
      { id: 'drift', max: 0.1, severity: 'warn' as const },
    ];
    const fails = (...failOn: ('warn' | 'not-run')[]) =>
      judgedBy(metrics, rules, failOn).rules.map(({ failsGate }) => failsGate);
    expect(fails()).toEqual([false, false]);
    expect(fails('warn')).toEqual([true, false]);
    expect(fails('not-run')).toEqual([false, true]);
    expect(fails('warn', 'not-run')).toEqual([true, true]);
  });
});
