import { describe, expect, it } from 'vitest';
import { inSpace } from '../../src/core/spaces.js';
import type { Matrix } from '../../src/core/vectors.js';
import { averageLinkage } from '../../src/identities/average-linkage.js';
import { classPrototypes } from '../../src/identities/class-prototypes.js';
import { findStrangers } from '../../src/identities/find-strangers.js';
import { fitSimilarityModel, type SimilarityModel } from '../../src/identities/similarity-model.js';
import { isProposed, mergeConfidence, shareBelow, splitConfidence } from '../../src/identities/similarity-posterior.js';

const model: SimilarityModel = {
  ...{ onePerson: { middle: 1, deviation: 0.1 }, twoPeople: { middle: 0, deviation: 0.1 }, people: 1 },
};

describe('a logistic distribution', () => {
  it('has half below its middle, and the deviation that it is said to have', () => {
    expect(shareBelow(3, { middle: 3, deviation: 2 })).toBe(0.5);
    /** Variance by its definition: the sum of x^2 times what lies in each small step. */
    let variance = 0;
    for (let x = -40; x < 40; x += 0.01) {
      const spread = { middle: 0, deviation: 2 };
      variance += (x + 0.005) ** 2 * (shareBelow(x + 0.01, spread) - shareBelow(x, spread));
    }
    expect(Math.sqrt(variance)).toBeCloseTo(2, 3);
  });
});

describe('confidence', () => {
  it('is a half midway, and the two questions are opposite', () => {
    expect(mergeConfidence(0.5, model)).toBeCloseTo(0.5, 9);
    expect(splitConfidence(0.5, model)).toBeCloseTo(0.5, 9);
    for (const similarity of [0.1, 0.3, 0.45, 0.6, 0.9])
      expect(mergeConfidence(similarity, model)).toBeCloseTo(splitConfidence(1 - similarity, model), 9);
  });

  it('of a merge grows with the likeness, of a split it falls', () => {
    const at = [0, 0.2, 0.4, 0.6, 0.8, 1];
    const [merges, splits] = [mergeConfidence, splitConfidence].map((of) =>
      at.map((similarity) => of(similarity, model)),
    );
    expect(merges).toEqual([...merges].sort((a, b) => a - b));
    expect(splits).toEqual([...splits].sort((a, b) => b - a));
    expect([merges[0], splits[5]].every((value) => value < 0.01)).toBe(true);
    expect([merges[5], splits[0]].every((value) => value > 0.99)).toBe(true);
  });

  it('is lower the more people there are to be mistaken about: odds are shared among them', () => {
    const odds = (confidence: number): number => confidence / (1 - confidence);
    for (const of of [mergeConfidence, splitConfidence])
      expect(odds(of(0.5, { ...model, people: 100 }))).toBeCloseTo(odds(of(0.5, model)) / 100, 9);
  });

  it('is 0 where the set is too small to tell', () => {
    const unknown = { middle: NaN, deviation: NaN };
    expect(mergeConfidence(0.9, { ...model, twoPeople: unknown, onePerson: unknown })).toBe(0);
  });

  it('is enough to propose when right is likelier than wrong', () => {
    expect([0.49, 0.5, 0.9].map(isProposed)).toEqual([false, true, true]);
  });
});

const unit = (degrees: number): number[] => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
const circle = (degrees: number[]): Matrix => ({
  ...{ data: Float32Array.from(degrees.flatMap(unit)), rows: degrees.length, dimensions: 2 },
});
/** Prototypes of these groups of degrees. */
function prototypesOf(groups: number[][]) {
  const embeddings = circle(groups.flat());
  let next = 0;
  const rows = groups.map((group) => group.map(() => next++));
  return classPrototypes(
    embeddings,
    rows.map((own) => [averageLinkage(embeddings, own)]),
  );
}

describe('the model of a set', () => {
  /** A person whose images fall into three and three, `apart` degrees apart. */
  const person = (at: number, apart: number): number[] => [
    at,
    at + 1,
    at + 2,
    at + apart,
    at + apart + 1,
    at + apart + 2,
  ];

  it('has where the halves of a person lie, and where the nearest other one does', () => {
    const { onePerson, twoPeople, people } = fitSimilarityModel(
      prototypesOf([0, 60, 120, 180].map((at) => person(at, 10))),
    );
    const cosine = (degrees: number): number => Math.cos((degrees * Math.PI) / 180);
    const [within, across] = [
      (2 * cosine(1) + cosine(2)) / 3,
      (3 * cosine(10) + 2 * cosine(9) + 2 * cosine(11) + cosine(8) + cosine(12)) / 9,
    ];
    expect(onePerson.middle).toBeCloseTo(across / within, 4);
    expect(twoPeople.middle).toBeCloseTo(cosine(60) / 0.99, 1);
    expect(people).toBe(4);
    expect([onePerson.deviation, twoPeople.deviation]).toEqual([0.03, 0.03]); // no set is so regular that less can be told
  });

  it('does not take one odd image of a person for a half of it', () => {
    const odd = [0, 60, 120, 180].map((at) => [...person(at, 10), at + 40]);
    expect(fitSimilarityModel(prototypesOf(odd)).onePerson.middle).toBeGreaterThan(0.97);
  });

  it('has a scatter downwards that a tenth of the people lie beyond', () => {
    const groups = Array.from({ length: 11 }, (_, i) => person(i * 30, 10 + 4 * i));
    const { onePerson } = fitSimilarityModel(prototypesOf(groups));
    const halves = groups
      .map((group) => fitSimilarityModel(prototypesOf([group])).onePerson.middle)
      .sort((a, b) => a - b);
    expect(onePerson.middle).toBeCloseTo(halves[5], 5);
    expect(onePerson.middle - 1.2816 * onePerson.deviation).toBeCloseTo(halves[1], 5); // a tenth of a normal lies below
  });

  it('does not take people with two names for scatter of strangers', () => {
    const twice = [0, 40, 81, 123, 166, 210, 255, 300, 302, 330, 332]; // more than a quarter have a second name
    const spread = (places: number[]) => fitSimilarityModel(prototypesOf(places.map((at) => [at, at + 0.1]))).twoPeople;
    const nearest = (places: number[]): number[] =>
      places
        .map((at) =>
          Math.max(...places.filter((other) => other !== at).map((other) => Math.cos(((at - other) * Math.PI) / 180))),
        )
        .sort((a, b) => a - b);
    const values = nearest(twice);
    const quantile = (share: number): number => {
      const place = share * (values.length - 1);
      return values[Math.floor(place)] + (place % 1) * ((values[Math.ceil(place)] ?? 0) - values[Math.floor(place)]);
    };
    const [lower, middle, upper] = [0.25, 0.5, 0.75].map(quantile);
    const found = spread(twice).deviation;
    expect(upper - middle).toBeGreaterThan(3 * (middle - lower));
    expect(found).toBeCloseTo((2 * (middle - lower)) / 0.6745, 2);
  });
});

describe('strangers', () => {
  /** Eight people with names, five images each; strangers come after. */
  const names = Array.from({ length: 8 }, (_, p) => [0, 1, 2, 3, 4].map((i) => p * 20 + i * 0.5));
  const found = (strangers: number[], least = 3) => {
    const degrees = [...names.flat(), ...strangers];
    const embeddings = circle(degrees);
    const prototypes = prototypesOf(names);
    const rows = strangers.map((_, i) => 40 + i);
    const { unknown, known } = findStrangers(
      inSpace('frozen', embeddings),
      rows,
      prototypes,
      fitSimilarityModel(prototypes),
      least,
    );
    return {
      unknown: unknown.map(({ images }) => images.map((row) => degrees[row]).sort((a, b) => a - b)),
      known: known.map(({ label, images }) => [label, images.length]),
    };
  };

  it('who are alike are one person, and known ones have their name, whichever it is', () => {
    expect(found([200, 200.5, 201, 201.5]).unknown).toEqual([[200, 200.5, 201, 201.5]]);
    expect(found([200, 200.5, 201, 201.5]).known).toEqual([]);
    expect(found([60.1, 60.6, 61.2, 61.7])).toEqual({ unknown: [], known: [[3, 4]] });
  });

  it('who are as alike are surer the more pairs say so, and less sure among more images', () => {
    /** Confidence of the group about 250 degrees whose halves are `apart`, beside others who are all far from each other. */
    const sure = (group: number[], beside: number): number => {
      const alone = Array.from({ length: beside }, (_, i) => 170 + i * (60 / beside));
      const degrees = [...names.flat(), ...group, ...alone];
      const prototypes = prototypesOf(names);
      const rows = [...group, ...alone].map((_, i) => 40 + i);
      const model = fitSimilarityModel(prototypes);
      const { unknown } = findStrangers(inSpace('frozen', circle(degrees)), rows, prototypes, model, 2);
      return unknown.find(({ images }) => images.includes(40) && images.length === group.length)?.confidence ?? 0;
    };
    const apart = 2.2;
    const [two, four] = [[250, 250 + apart], [250, 250, 250 + apart, 250 + apart]]; // prettier-ignore
    expect(sure(two, 0)).toBeGreaterThan(0.5);
    expect(sure(four, 0)).toBeGreaterThan(sure(two, 0));
    expect(sure(two, 0)).toBeGreaterThan(sure(two, 3));
  });

  it('who are fewer than asked for are nobody', () => {
    expect(found([200, 200.5]).unknown).toEqual([]);
    expect(found([200, 200.5], 2).unknown).toEqual([[200, 200.5]]);
  });
});
