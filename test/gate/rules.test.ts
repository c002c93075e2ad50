import { describe, expect, it } from 'vitest';
import { gateRules } from '../../src/gate/rules.js';
import { offenderLines } from '../../src/gate/in-words.js';
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
    const [missed] = judgedBy(metricsOf({ indexRecall: { known: 0.97 } }), [{ id: 'index-recall', min: 0.98 }]).rules;
    expect(missed).toMatchObject({ outcome: 'fail', actual: 0.97 });
  });

  it('dropped-per-identity of an identity that is nothing but copies is nothing', () => {
    const identities = [counts('A', { found: 3, copies: 3 }), counts('B', { found: 4, dropped: 1, left: 3 })];
    const [rule] = judgedBy(metricsOf({ decided: { known: { images: [], identities } } }), [
      { id: 'dropped-per-identity', max: 0.2 },
    ]).rules;
    expect([rule.actual, rule.detail, names(rule)]).toEqual([1 / 4, 'B', ['B']]);
  });

  it('names only identities beyond the bound, not at it', () => {
    expect(names(broken('dropped-per-identity', { max: 1 / 3 }))).toEqual(['B']); // A lost 1 of 3
    expect(names(broken('images-per-identity', { min: 3 }))).toEqual(['B']); // A has 3 left
  });

  it('names identities that seem to be several people only where there are too many', () => {
    const group = { images: [], count: 3, likeness: 1, confidence: 1 };
    const splits = [{ identity: 'A', confidence: 0.9, groups: [group, group] }];
    const split = (bounds: Bounds) =>
      judgedBy(metricsOf({ proposals: { known: { merges: [], splits } } }), [{ id: 'split-proposals', ...bounds }])
        .rules[0];
    expect(names(split({ max: 0 }))).toEqual(['A']);
    expect([split({ min: 2 }).outcome, ...names(split({ min: 2 }))]).toEqual(['fail']);
  });

  it('noise-rate names what waits for a person only where it is more likely noise than not', () => {
    const waiting = [0.49, 0.5, 0.8, null].map((pNoise, i) => ({ ...image(`A/${i}.jpg`, 'review', 'A'), pNoise }));
    const decided = { known: { images: waiting, identities: [] } };
    const [rule] = judgedBy(metricsOf({ decided, noiseRate: { known: 0.3 } }), [{ id: 'noise-rate', max: 0.1 }]).rules;
    expect(names(rule)).toEqual(['A/2.jpg', 'A/1.jpg']);
  });

  it('names nobody when it holds, and at most a hundred when it does not', () => {
    expect(broken('duplicate-rate', { max: 0.5 })).toMatchObject({ outcome: 'pass', offenders: [], offenderCount: 0 });
    const unreadable = Array.from({ length: 250 }, (_, i) => ({ path: `A/${i}.jpg`, reason: 'empty' }));
    const [many] = judgedBy(metricsOf({ unreadable }), [{ id: 'unreadable-rate', max: 0 }]).rules;
    expect([many.offenders.length, many.offenderCount]).toEqual([MOST_OFFENDERS, 250]);
    expect(offenderLines(many).slice(9)).toEqual(['A/9.jpg: empty', 'and 240 more']);
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
    expect(broken('identities', { min: 1 }).outcome).toBe('pass'); // one is left
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
