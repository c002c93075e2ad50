import { describe, expect, it } from 'vitest';
import { randomOf } from '../../../src/core/random.js';
import { rowOf, unitRows } from '../../../src/core/vectors.js';
import { identify, splitGallery, templateMeans } from '../../../src/metrics/identification.js';
import { findIdentityOverlap } from '../../../src/metrics/identity-overlap.js';
import { qualityBins } from '../../../src/metrics/quality-bins.js';
import { testPeople } from '../../../src/metrics/test-people.js';

const matrixOf = (rows: readonly (readonly number[])[]) => ({
  data: Float32Array.from(rows.flat()),
  rows: rows.length,
  dimensions: rows[0].length,
});

describe('a template', () => {
  it('is the mean over media of the mean over their images, at unit length', () => {
    const vectors = matrixOf([
      [1, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    const members = ['video', 'video', 'photo'].map((media, image) => ({ image, media }));
    const { vectors: means, norms } = templateMeans({ vectors, norms: [10, 20, 60, 5] }, [
      { name: 'a', members },
      { name: 'b', members: [{ image: 3, media: 'photo' }] },
    ]);
    const half = Math.SQRT1_2; // the two images of the video count as one
    [half, half, 0, 0, 0, 1].forEach((value, i) =>
      expect(rowOf(means, Math.floor(i / means.dimensions))[i % means.dimensions]).toBeCloseTo(value, 6),
    );
    expect(norms).toEqual([30, 5]);
  });
});

describe('identification', () => {
  const images = ['a', 'a', 'b', 'b', 'c'].map((identity, index) => ({ index, identity, heldOut: index % 2 === 1 }));

  it('asks with held-out images, against one template an identity of the others', () => {
    const { gallery, probes } = splitGallery(images, 10, 1);
    expect(gallery).toMatchObject([
      { identity: 'a', members: [0] },
      { identity: 'b', members: [2] },
      { identity: 'c', members: [4] },
    ]);
    expect(probes.map(({ index }) => index).sort()).toEqual([1, 3]);
  });

  it('draws the probes where nothing was held out, and leaves every identity in the gallery', () => {
    const everyone = Array.from({ length: 30 }, (_, index) => ({ index, identity: `p${index % 3}`, heldOut: true }));
    const { gallery, probes } = splitGallery([...everyone, { index: 30, identity: 'alone', heldOut: true }], 100, 1);
    expect(gallery.map(({ members }) => members.length)).toEqual([8, 8, 8, 1]);
    expect(probes).toHaveLength(6);
    for (const { index } of probes) expect(gallery.flatMap(({ members }) => members)).not.toContain(index);
  });

  it('ranks a probe behind what is as alike as its own: a network that sees nothing identifies nobody', () => {
    const blind = { vectors: matrixOf(images.map(() => [1, 0])), norms: images.map(() => 1) };
    const split = splitGallery(images, 10, 1);
    expect(identify(blind, split, (cosine) => cosine)).toMatchObject({
      rank1: 0,
      cmc: [0, 0, 1],
      probes: 2,
      gallery: 3,
    });
    expect(identify(blind, { ...split, probes: [] }, (cosine) => cosine)).toBeNull();
  });
});

describe('bins of quality', () => {
  it('are quarters of the pairs, the worst first, each with its own EER and the errors at the common threshold', () => {
    const same = Array.from({ length: 80 }, (_, i) => i % 2 === 0);
    const qualities = Float64Array.from({ length: 80 }, (_, i) => Math.floor(i / 20) + 1);
    const scores = Float64Array.from(same, (one, i) => (i < 20 ? (one ? 0.3 : 0.1) : one ? 0.9 : 0.4));
    const bins = qualityBins(scores, same, qualities, 0.5);
    expect(bins.map(({ from, genuine, impostor }) => [from, genuine, impostor])).toEqual(
      [1, 1.75, 2.5, 3.25].map((from) => [from, 10, 10]),
    );
    expect(bins.map(({ eer }) => eer)).toEqual([0, 0, 0, 0]); // each has a threshold of its own
    expect(bins.map(({ falseRejects }) => falseRejects)).toEqual([1, 0, 0, 0]); // one for all misses the worst
  });

  it('are fewer where many pairs are of one quality', () => {
    const bins = qualityBins(Float64Array.of(1, 0), [true, false], Float64Array.of(7, 7), 0.5);
    expect(bins).toMatchObject([{ from: 7, to: 7, genuine: 1, impostor: 1, eer: 0 }]);
  });
});

describe('people of a pairs file', () => {
  const image = (name: string, person: string | null = null) => ({
    ...{ name, person, isCrop: false },
    read: () => Promise.resolve(new Uint8Array()),
  });

  it('are joined by names, templates and genuine pairs', () => {
    const images = [image('0', 'Ada'), image('1'), image('2'), image('3', 'Ada'), image('4')];
    const pairs = [
      { first: 1, second: 2, same: true },
      { first: 2, second: 3, same: false },
    ];
    expect(testPeople({ images, pairs }).map(({ rows }) => rows)).toEqual([[0, 3], [1, 2], [4]]);
    const templates = [
      { name: 't', members: [0, 1].map((image) => ({ image, media: 'm' })) },
      { name: 'u', members: [{ image: 4, media: 'm' }] },
    ];
    expect(testPeople({ images, templates, pairs: [{ first: 0, second: 1, same: true }] })).toEqual([
      { person: 'Ada', rows: [0, 1, 3, 4] },
      { person: '2', rows: [2] },
    ]);
  });
});

describe('overlap of training and test people', () => {
  const dimensions = 24;
  const random = randomOf('overlap');
  const directions = new Map<string, number[]>();
  const faceOf = (person: string): number[] => {
    if (!directions.has(person))
      directions.set(
        person,
        Array.from({ length: dimensions }, () => random.normal()),
      );
    return directions.get(person)!.map((value) => value + 0.5 * random.normal());
  };
  const known = Array.from({ length: 40 }, (_, i) => `known ${i}`);
  const vectors = unitRows(matrixOf(known.flatMap((person) => [1, 2, 3, 4, 5, 6].map(() => faceOf(person)))));
  const byIdentity = new Map(known.map((person, i) => [person, [0, 1, 2, 3, 4, 5].map((image) => 6 * i + image)]));

  it('is found by name and by likeness, and strangers are not', () => {
    const inBoth = ['known 3', 'known 7', 'known 11'];
    const strangers = Array.from({ length: 30 }, (_, i) => `stranger ${i}`);
    const test = unitRows(matrixOf([...inBoth, ...strangers].flatMap((person) => [faceOf(person), faceOf(person)])));
    const people = [...inBoth, ...strangers].map((_, i) => ({
      person: i === 0 ? 'Known_3' : `subject ${i}`, // the second and third go by other names
      rows: [2 * i, 2 * i + 1],
    }));
    const overlap = findIdentityOverlap({ vectors, byIdentity }, test, people);
    expect(overlap.byName).toEqual([{ person: 'Known_3', identity: 'known 3' }]);
    expect(overlap.byLikeness.map(({ identity }) => identity).sort()).toEqual([...inBoth].sort());
    for (const { cosine } of overlap.byLikeness) expect(cosine).toBeGreaterThanOrEqual(overlap.bar!);
    expect(overlap).toMatchObject({ people: 33, byChance: 0.33 });
  });

  it('has no bar where no identity has two images', () => {
    const single = new Map([['known 1', [0]]]);
    const overlap = findIdentityOverlap({ vectors, byIdentity: single }, vectors, [{ person: 'x', rows: [0] }]);
    expect(overlap).toMatchObject({ bar: null, byLikeness: [], byChance: 0 });
  });
});
