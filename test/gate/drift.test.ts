import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosineOfDegrees } from '../../src/core/angles.js';
import { randomOf } from '../../src/core/random.js';
import { type DecisionName, decisionNames, type Evidence } from '../../src/core/records.js';
import { readBaseline, writeBaseline } from '../../src/gate/baseline.js';
import { resolveConfig } from '../../src/core/resolve-config.js';
import { profileOf, type SetProfile, setProfileSchema, settingsOf } from '../../src/gate/set-profile.js';
import { differingSettings, driftBetween } from '../../src/gate/set-drift.js';
import { judgedBy, metricsOf } from '../helpers/gate-metrics.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

const profile = (
  images: readonly (readonly [angle: number, decision: DecisionName])[],
  noiseRate = 0.1,
  settings = {},
): SetProfile =>
  setProfileSchema.parse(
    profileOf(
      images.map(([angle, decision]) => ({
        decision,
        evidence: { cosDominant: cosineOfDegrees(angle) } as Evidence,
      })),
      { identities: 2, noiseRate, settings },
    ),
  );

const sets = fc
  .array(fc.tuple(fc.double({ min: 0.1, max: 179.9, noNaN: true }), fc.constantFrom(...decisionNames)), {
    minLength: 1,
    maxLength: 40,
  })
  .map((images) => profile(images));

describe('a baseline', () => {
  it('comes back as it was written, and anything else is refused', () => {
    const file = join(temporaryFolder(), 'baseline.json');
    const kept = profile([[30, 'keep']], 0.2, { rule: 'calibrated' });
    writeBaseline(file, kept);
    expect(readBaseline(file).profile).toEqual(kept);
    expect(() => readBaseline(join(file, 'none'))).toThrow('There is no baseline');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"version":1', '"version":2'));
    expect(() => readBaseline(file)).toThrow('is not a baseline of the gate');
  });
});

describe('drift', () => {
  it('is the largest of three shares, each by its formula', () => {
    const before = profile(
      [
        [30.5, 'keep'],
        [40.5, 'keep'],
        [50.5, 'keep'],
        [80.5, 'drop'],
      ],
      0.1,
    );
    const now = profile(
      [
        [30.5, 'keep'],
        [60.5, 'review'],
        [85.5, 'drop'],
        [86.5, 'drop'],
      ],
      0.45,
    );
    const found = driftBetween(before, now);
    expect(found.angles).toBeCloseTo(3 / 4 - 1 / 4); // at 50 degrees
    expect(found.decisions).toBeCloseTo((2 / 4 + 1 / 4 + 1 / 4) / 2);
    expect(found.noiseRate).toBeCloseTo(0.45 - 0.1);
    expect(found.drift).toBe(Math.max(found.angles, found.decisions, found.noiseRate));
  });

  it.each([
    ['the angles', [60, 'keep'], 0.1],
    ['the decisions', [30, 'drop'], 0.1],
    ['a noise rate that grows', [30, 'keep'], 0.7],
    ['a noise rate that falls', [30, 'keep'], 0],
  ] as const)('is found where %s alone changed', (_, image, rate) => {
    const { drift, ...parts } = driftBetween(profile([[30, 'keep']], 0.1), profile([image], rate));
    const changed = [parts.angles, parts.decisions, parts.noiseRate].filter((part) => part > 0);
    expect(changed).toEqual([drift]);
  });

  it('is none from a set to itself, at most 1, and the same both ways', () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        expect(driftBetween(a, a).drift).toBe(0);
        const there = driftBetween(a, b);
        expect(there.drift).toBeCloseTo(driftBetween(b, a).drift, 12);
        expect(there.drift).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { seed: 7, numRuns: 100 },
    );
  });

  it('of two samples of one crawl stays below what chance gives, in 95 of 100', () => {
    const sample = (name: number, size: number): SetProfile => {
      const random = randomOf('drift', name);
      return profile(Array.from({ length: size }, () => [Math.min(179, Math.abs(50 + 12 * random.normal())), 'keep']));
    };
    const within = Array.from({ length: 200 }, (_, i) => driftBetween(sample(2 * i, 80), sample(2 * i + 1, 120)));
    const share = within.filter(({ angles, byChance }) => angles <= byChance).length / within.length;
    expect(share).toBeGreaterThanOrEqual(0.93);
    expect(share).toBeLessThan(1);
  });

  it('has angles in whole degrees that were reached, and none of images without one', () => {
    const { angles, images } = profileOf(
      [30, 30.9, 31.2, null].map((angle) => ({
        decision: 'keep',
        evidence: { cosDominant: angle === null ? null : cosineOfDegrees(angle + 1e-6) } as Evidence,
      })),
      { identities: 1, noiseRate: 0, settings: {} },
    );
    expect([images, angles[30], angles[31], angles.reduce((sum, count) => sum + count)]).toEqual([4, 2, 1, 3]);
  });

  it.each([
    ...([['rule', 'angle'], ['angle', 60], ['dropAt', 0.7], ['reviewAt', 0.01], ['targetPrecision', 0.9]] as const), // prettier-ignore
    ...([['targetRecall', 0.9], ['epochs', 3], ['batchSize', 7], ['learningRate', 0.3], ['classShare', 0.5]] as const), // prettier-ignore
    ...([['loss', 'cosface'], ['subcenters', 1], ['embeddingSize', 64], ['backbone', 'ir-18']] as const), // prettier-ignore
  ])('heeds a setting that moves it: %s', (name, value) => {
    const under = (settings: object): SetProfile => {
      const config = resolveConfig(settings);
      return profile([[30, 'keep']], 0, settingsOf({ size: 112 }, config, config));
    };
    expect(differingSettings(under({}), under({ [name]: value }))).toContain(name);
    expect(differingSettings(under({ threads: 1 }), under({ threads: 2 }))).toEqual([]);
  });

  it('heeds settings that only one of two sets has', () => {
    const [without, having] = [profile([[30, 'keep']], 0, {}), profile([[30, 'keep']], 0, { new: 1 })];
    expect(differingSettings(without, having)).toEqual(['new']);
    expect(differingSettings(having, without)).toEqual(['new']);
  });

  it('is not measured between sets that were judged under other settings', () => {
    const before = profile([[30, 'keep']], 0, { rule: 'calibrated', epochs: 4 });
    const now = profile([[30, 'keep']], 0, { rule: 'angle', epochs: 4 });
    expect(differingSettings(before, now)).toEqual(['rule']);
    const baseline = {
      known: { kind: 'facesieve baseline' as const, version: 1 as const, facesieve: '', profile: before },
    };
    const [rule] = judgedBy(metricsOf({ baseline, profile: { known: now } }), [{ id: 'drift', max: 0.1 }]).rules;
    expect(rule).toMatchObject({ outcome: 'not-run', detail: expect.stringContaining('another rule') });
  });
});
