import { describe, expect, it } from 'vitest';
import { rowOf } from '../../src/core/vectors.js';
import { identify, splitGallery, templateMeans } from '../../src/metrics/identification.js';
import { testPeople } from '../../src/metrics/test-people.js';

/** Unit rows at these degrees of a circle, and lengths. */
const measurable = (degrees: number[], norms = degrees.map(() => 1)) => ({
  vectors: {
    data: Float32Array.from(degrees.flatMap((d) => [Math.cos((d * Math.PI) / 180), Math.sin((d * Math.PI) / 180)])),
    ...{ rows: degrees.length, dimensions: 2 },
  },
  norms,
});

describe('identification', () => {
  const gallery = ['A', 'B', 'C'].map((identity, i) => ({ identity, members: [i] })); // at 0, 90 and 180 degrees
  const probes = [
    { index: 3, identity: 'A' }, // at 10 degrees: its own is nearest
    { index: 4, identity: 'A' }, // at 60: B is nearer
    { index: 5, identity: 'C' }, // at 40: both others are nearer
  ];
  const images = measurable([0, 90, 180, 10, 60, 40], [5, 6, 7, 2, 3, 10]);

  it('is the share of probes whose own identity is among the r most alike, for each r', () => {
    const found = identify(images, { gallery, probes }, (cosine) => cosine)!;
    expect(found).toEqual({ rank1: 1 / 3, cmc: [1 / 3, 2 / 3, 1], probes: 3, gallery: 3 });
  });

  it('counts a tie against the probe', () => {
    expect(identify(images, { gallery, probes }, () => 0.5)!.cmc).toEqual([0, 0, 1]);
  });

  it('scores by the smaller of the two lengths', () => {
    const lengths: number[] = [];
    identify(images, { gallery, probes }, (cosine, quality) => (lengths.push(quality), cosine));
    expect(lengths).toEqual([2, 2, 2, 3, 3, 3, 5, 6, 7]);
  });

  it('says nothing without probes', () => expect(identify(images, { gallery, probes: [] }, () => 1)).toBeNull());
});

describe('gallery and probes', () => {
  const imagesOf = (heldOut: (i: number) => boolean) =>
    Array.from({ length: 21 }, (_, index) => ({
      ...{ index, identity: index < 10 ? 'A' : index < 20 ? 'B' : 'only', heldOut: heldOut(index) },
    }));
  const split = (heldOut: (i: number) => boolean, most = 100) => {
    const { gallery, probes } = splitGallery(imagesOf(heldOut), most, 1);
    return {
      members: gallery.map(({ members }) => members),
      probes: probes.map(({ index }) => index).sort((a, b) => a - b),
    };
  };

  it('are the images that were held out, and the others; no image is both', () => {
    const { members, probes } = split((i) => i % 5 === 0);
    expect(probes).toEqual([0, 5, 10, 15]); // not the only image of a person: nobody would be left to find
    expect(members.map(({ length }) => length)).toEqual([8, 8, 1]);
    expect(members.flat().filter((index) => probes.includes(index))).toEqual([]);
  });

  it('are a fifth and the rest where everything was held out', () => {
    const { members, probes } = split(() => true);
    expect(probes).toHaveLength(2 + 2);
    expect(members.map(({ length }) => length)).toEqual([8, 8, 1]);
  });

  it('are no more probes than asked for', () => expect(split((i) => i % 2 === 0, 3).probes).toHaveLength(3));
});

describe('a template', () => {
  it('is the mean over its media, not over their frames', () => {
    const images = measurable([0, 0, 0, 90], [1, 2, 3, 6]);
    const members = [0, 1, 2, 3].map((image) => ({ image, media: image < 3 ? 'video' : 'photograph' }));
    const { vectors, norms } = templateMeans(images, [{ name: 'T', members }]);
    expect([...rowOf(vectors, 0)].map((value) => value.toFixed(4))).toEqual(['0.7071', '0.7071']);
    expect([...Array.from(norms)]).toEqual([3]);
  });
});

describe('the people of a list of pairs', () => {
  const images = ['a', 'b', 'c', 'd'].map((name) => ({
    name,
    person: null,
    isCrop: true,
    read: () => Promise.reject(new Error()),
  }));
  const rows = (people: { rows: number[] }[]): number[][] => people.map((person) => person.rows);
  const pairs = [
    { first: 0, second: 1, same: true },
    { first: 1, second: 2, same: false },
  ];

  it('are joined by genuine pairs, and by no others', () => {
    expect(rows(testPeople({ images, pairs }))).toEqual([[0, 1], [2], [3]]);
  });

  it('are joined by names', () => {
    const named = images.map((image, i) => ({ ...image, person: i === 0 || i === 3 ? 'Ada' : null }));
    expect(testPeople({ images: named, pairs: [] })).toEqual([
      { person: 'Ada', rows: [0, 3] },
      { person: 'b', rows: [1] },
      { person: 'c', rows: [2] },
    ]);
  });

  it('are joined by templates, and templates by genuine pairs', () => {
    const templates = [[0, 1], [2], [3]].map((members, i) => ({
      name: `T${i}`,
      members: members.map((image) => ({ image, media: `${image}` })),
    }));
    expect(rows(testPeople({ images, templates, pairs: [] }))).toEqual([[0, 1], [2], [3]]);
    expect(rows(testPeople({ images, templates, pairs }))).toEqual([[0, 1, 2], [3]]);
  });
});
