import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/core/face-set.js';
import type { CroppedImage, Decision, Evidence } from '../../src/core/records.js';
import { inSpace } from '../../src/core/spaces.js';
import { findIdentityOverlap } from '../../src/metrics/identity-overlap.js';
import { excludeOverlap, findOverlap, hashDistance } from '../../src/metrics/set-overlap.js';
import { bestOfEach, personBar, sharedPeople } from '../../src/metrics/shared-people.js';

const unit = (degrees: number): number[] => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
const circle = (degrees: number[]) => ({
  ...{ data: Float32Array.from(degrees.flatMap(unit)), rows: degrees.length, dimensions: 2 },
});

describe('the bar of one person', () => {
  const tenths = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

  it('is what nine of ten images reach to their own, and no less than strangers reach', () => {
    expect(personBar(tenths, [])!.bar).toBeCloseTo(0.1, 9);
    expect(personBar(tenths, [0.05, 0.05])!.bar).toBeCloseTo(0.1, 9);
    expect(personBar([0.8, 0.8], [0.9, 0.9])!.bar).toBeCloseTo(0.9, 9);
    expect(personBar([], [0.3])).toBeNull();
  });

  it('is half sure midway between people who scatter alike, and sure beside either', () => {
    const { confidence } = personBar([0.7, 0.8, 0.9], [0.1, 0.2, 0.3])!;
    expect(confidence(0.5)).toBeCloseTo(0.5, 9);
    expect(confidence(0.8)).toBeGreaterThan(0.99);
    expect(confidence(0.2)).toBeLessThan(0.01);
  });
});

describe('people of two sets', () => {
  it('are told with the most alike first, and each person once', () => {
    const bar = { bar: Math.cos((21 * Math.PI) / 180), confidence: () => 1 };
    const shared = sharedPeople(circle([0, 90]), circle([20, 5, 80]), bar);
    expect(shared.map(({ person, identity }) => [person, identity])).toEqual([[0, 1], [1, 2], [0, 0]]); // prettier-ignore
    expect(bestOfEach(shared).map(({ person, identity }) => [person, identity])).toEqual([[0, 1], [1, 2]]); // prettier-ignore
  });
});

describe('people of a test set', () => {
  const byIdentity = new Map([['ada lovelace', [0, 1, 2]], ['Grace', [3, 4, 5]]]); // prettier-ignore
  const trained = { vectors: circle([0, 5, 10, 90, 95, 100]), byIdentity };
  const people = ['Ada_Lovelace', 'Alan', ' GRACE ', 'grace hopper'].map((person, i) => ({ person, rows: [i] }));

  it('are found by name, whatever its capitals and blanks, and by likeness', () => {
    const { byName, byLikeness, byChance, bar } = findIdentityOverlap(trained, circle([200, 94, 250, 270]), people);
    expect(byName).toEqual([
      { person: 'Ada_Lovelace', identity: 'ada lovelace' },
      { person: ' GRACE ', identity: 'Grace' },
    ]);
    expect(byLikeness.map(({ person, identity }) => [person, identity])).toEqual([['Alan', 'Grace']]);
    expect(bar).toBeGreaterThan(Math.cos((10 * Math.PI) / 180));
    expect(byChance).toBeCloseTo(4 * 0.01, 12); // one in a hundred strangers reaches the bar
  });

  it('are not looked for by likeness where nobody shows how near strangers come', () => {
    const alone = { vectors: circle([0, 5]), byIdentity: new Map([['Ada', [0, 1]]]) };
    expect(findIdentityOverlap(alone, circle([0]), people.slice(0, 1))).toMatchObject({
      bar: null,
      byLikeness: [],
      byChance: 0,
    });
  });
});

describe('a reference set', () => {
  const row = (path: string, dhash: string) =>
    ({ path, identity: path[0], sha256: `${path} bytes`, dhash, state: 'ok' }) as unknown as CroppedImage;
  const images = [row('A/1', '00000000000000ff'), row('B/1', 'f000000000000000'), row('C/1', '0000ffff00000000')];
  const reference = [row('X/1', '00000000000000fc'), row('Y/1', 'f700000000000000')]; // 2 and 3 bits away
  const dataset = {
    images,
    reference,
    identities: ['A', 'B', 'C'],
    labels: Int32Array.of(0, 1, 2),
  } as unknown as Dataset;
  const evidence = (cosOwn: number, rivalCos = 0): Evidence => ({ cosOwn, rivalCos }) as Evidence;
  const found = (bits: number, noise = [0, 0, 0]) =>
    findOverlap(
      dataset,
      inSpace('frozen', circle([0, 90])),
      inSpace('frozen', circle([10, 40, 200])),
      [evidence(0.95), evidence(0.95), evidence(0.1)],
      noise,
      bits,
    );

  it('shares pictures that differ in as many bits as are allowed, and not in more', () => {
    expect(found(1).images).toEqual([]);
    expect(found(2).images.map(({ path }) => path)).toEqual(['A/1']);
    expect(found(3).images.map(({ path, reference }) => [path, reference])).toEqual([['A/1', 'X/1'], ['B/1', 'Y/1']]); // prettier-ignore
  });

  it('shares people by what clean images reach: noise sets no bar', () => {
    expect(found(0, [0, 0, 0.9]).people).toEqual([
      { identity: 'A', reference: 'X', cosine: expect.closeTo(Math.cos(Math.PI / 18), 5) as number },
    ]);
    expect(found(0).people.length).toBeGreaterThan(1); // the third image would lower it
  });

  it('tells bits that differ one by one', () => {
    expect([hashDistance('00', '0f'), hashDistance('8000000000000000', '0'), hashDistance('ff', 'ff')]).toEqual([
      4, 1, 0,
    ]);
  });

  it('is left out of the set: images that it has, and everybody who is in it', () => {
    const decisions = images.map(
      ({ path }) => ({ path, decision: 'keep', suggestedIdentity: null, reason: 'fine' }) as Decision,
    );
    const overlap = {
      images: [{ path: 'A/1', reference: 'X/1', same: 'picture' as const }],
      people: [{ identity: 'C', reference: 'Zoe', cosine: 0.9 }],
    };
    expect(excludeOverlap(decisions, images, overlap).map(({ decision, reason }) => [decision, reason])).toEqual([
      ['drop', 'the same picture as X/1'],
      ['keep', 'fine'],
      ['drop', 'C is Zoe of the reference set'],
    ]);
  });
});
