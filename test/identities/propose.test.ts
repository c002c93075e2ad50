import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Random, randomOf } from '../../src/core/random.js';
import { resolveConfig } from '../../src/core/resolve-config.js';
import { dotRows, takeRows, unitRows } from '../../src/core/vectors.js';
import { buildIndex } from '../../src/index/indexes.js';
import { averageLinkage } from '../../src/identities/average-linkage.js';
import { mergedLabels, namedProposals } from '../../src/identities/label-proposals.js';
import { proposalsOf, proposeIdentities } from '../../src/identities/propose.js';
import { labelledFaces } from '../helpers/labelled-faces.js';
import type { NamedImages } from '../../src/identities/cluster-identities.js';

const D = 48;

interface Shot {
  name: string;
  vector: number[];
}

const direction = (random: Random): number[] => Array.from({ length: D }, () => random.normal() / Math.sqrt(D));
/** Images of one person scatter round them: mean cosine of two about 0.6. */
const shotOf = (person: number[], random: Random): number[] =>
  direction(random).map((value, d) => person[d] + 0.8 * value);

/** `people` of `each` images under names of their own. */
function crawl(random: Random, people = 24, each = 12): Shot[] {
  return Array.from({ length: people }, (_, p) => {
    const person = direction(random);
    return Array.from({ length: each }, () => ({ name: `P${p}`, vector: shotOf(person, random) }));
  }).flat();
}
const renamed = (shots: Shot[], from: string, to: string, first = 0, count = Infinity): Shot[] => {
  let seen = -1;
  return shots.map((shot) => {
    if (shot.name !== from) return shot;
    seen++;
    return seen >= first && seen < first + count ? { ...shot, name: to } : shot;
  });
};
const without = (shots: Shot[], name: string, kept: number): Shot[] => {
  let seen = 0;
  return shots.filter((shot) => shot.name !== name || seen++ < kept);
};

async function named(shots: Shot[]): Promise<NamedImages & { names: string[] }> {
  const names = [...new Set(shots.map(({ name }) => name))].sort();
  const data = Float32Array.from(shots.flatMap(({ vector }) => vector));
  const embeddings = unitRows({ data, rows: shots.length, dimensions: D });
  const signal = new AbortController().signal;
  const index = await buildIndex(embeddings, resolveConfig({ index: 'exact' }).index, signal);
  const neighbours = await index.nearestFirst(Int32Array.from(shots.keys()), 15, signal);
  await index.close();
  return { embeddings, labels: Int32Array.from(shots, ({ name }) => names.indexOf(name)), neighbours, names };
}

/** Merges as `A = B`, splits as `A: 12+5`. */
async function proposed(shots: Shot[], isExcluded?: (image: number) => boolean): Promise<string[]> {
  const images = await named(shots);
  const { merges, splits } = namedProposals(
    proposalsOf({ ...images, isExcluded }),
    images.names,
    shots.map((_, i) => `${i}`),
  );
  return [
    ...merges.map(({ a, b }) => [a, b].sort().join(' = ')),
    ...splits.map(({ identity, groups }) => `${identity}: ${groups.map(({ count }) => count).join('+')}`),
  ].sort();
}

const spoilt = (random: Random): Shot[] => {
  let shots = crawl(random);
  shots = renamed(shots, 'P0', 'Q0', 0, 4); // one person, 8 and 4 images
  shots = renamed(shots, 'P1', 'Q1', 0, 6);
  shots = renamed(without(shots, 'P2', 5), 'P2', 'P3'); // 12 + 5
  return renamed(shots, 'P4', 'P5'); // 12 + 12
};
const SPOILT = ['P0 = Q0', 'P1 = Q1', 'P3: 12+5', 'P5: 12+12'];

describe('proposals about names', () => {
  it('are none where every name is one person', async () => {
    expect(await proposed(crawl(randomOf('clean')))).toEqual([]);
  });

  it('find one person under two names and two people under one, of unequal sizes too', async () => {
    expect(await proposed(spoilt(randomOf('spoilt')))).toEqual(SPOILT);
  });

  it('do not take scattered strangers and swapped images for people', async () => {
    const random = randomOf('noise');
    const shots = spoilt(random).map((shot): Shot => {
      const dice = random.uniform();
      return dice < 0.1 ? { ...shot, vector: direction(random) } : shot;
    });
    const swapped = random.shuffle([...shots.keys()]).slice(0, Math.round(shots.length / 10));
    const noisy = [...shots];
    swapped.forEach((to, i) => (noisy[to] = { ...shots[to], vector: shots[swapped[(i + 1) % swapped.length]].vector }));
    const found = await proposed(noisy);
    expect(found.map((one) => one.replace(/:.*/, ''))).toEqual(SPOILT.map((one) => one.replace(/:.*/, '')));
  });

  it('do not take three images of somebody who has a name for a second person', async () => {
    const shots = crawl(randomOf('home'));
    expect(await proposed(renamed(shots, 'P7', 'P8', 0, 3))).toEqual([]);
  });

  it('do not take pictures without a face, alike under all names, for a second person', async () => {
    const random = randomOf('walls');
    const wall = direction(random);
    const shots = crawl(random).map((shot, i): Shot =>
      i % 3 === 0 ? { ...shot, vector: shotOf(wall, random) } : shot,
    );
    expect(await proposed(shots)).toEqual([]);
  });

  it('leave images out that are no witnesses', async () => {
    const shots = spoilt(randomOf('spoilt'));
    const guests = shots
      .map(({ name }, i) => (name === 'P3' ? i : -1))
      .filter((i) => i >= 0)
      .slice(0, 5);
    expect(await proposed(shots, (image) => guests.includes(image))).toEqual(SPOILT.filter((one) => !/^P3/.test(one)));
  });

  it('say nothing where features tell people apart no better than images of one', async () => {
    const random = randomOf('fog');
    expect(await proposed(crawl(random).map((shot) => ({ ...shot, vector: direction(random) })))).toEqual([]);
  });

  it('say nothing of sets too small to tell', async () => {
    const random = randomOf('small');
    expect(await proposed(crawl(random, 1, 5))).toEqual([]);
    expect(await proposed(crawl(random, 3, 1))).toEqual([]);
  });

  it('do not depend on the order of the images, nor on the names', async () => {
    const shots = spoilt(randomOf('spoilt'));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1e6 }), async (seed) => {
        const random = randomOf(seed, 'order');
        expect(await proposed(random.shuffle([...shots]))).toEqual(SPOILT);
        const names = [...new Set(shots.map(({ name }) => name))];
        const aliases = new Map(random.shuffle([...names]).map((alias, i) => [names[i], alias]));
        const back = new Map([...aliases].map(([name, alias]) => [alias, name]));
        const found = await proposed(shots.map((shot) => ({ ...shot, name: aliases.get(shot.name)! })));
        const restored = found.map((one) => one.replaceAll(/[PQ]\d+/g, (alias) => back.get(alias)!));
        expect(restored.map((one) => one.split(' = ').sort().join(' = ')).sort()).toEqual(SPOILT);
      }),
      { numRuns: 8 },
    );
  });

  it('name every image of an identity of very many, though not all are linked', async () => {
    const random = randomOf('many');
    const two = [direction(random), direction(random)];
    const many = Array.from({ length: 600 }, (_, i) => ({ name: 'M', vector: shotOf(two[i < 450 ? 0 : 1], random) }));
    expect(await proposed([...crawl(random), ...many])).toEqual(['M: 450+150']);
  });

  it('chain: three names of one person become one label', () => {
    const merge = {
      confidence: 1,
      cosine: 1,
      similarity: 1,
      pairsAbove: 1,
      examples: [],
      prototypes: [[], []],
    } as const;
    const pairs = [
      { ...merge, a: 4, b: 2 },
      { ...merge, a: 4, b: 1 },
    ];
    expect([...mergedLabels(5, pairs as never)]).toEqual([0, 1, 1, 3, 1]);
    const answered = pairs.map((pair, i) => ({ ...pair, answered: i === 0 })); // a person said something of the first
    expect([...mergedLabels(5, answered as never)]).toEqual([0, 1, 2, 3, 1]);
  });
});

describe('linking', () => {
  it('holds every image once, and tells the mean cosines across and within', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 0, max: 1e6 }), (n, seed) => {
        const random = randomOf(seed, 'link');
        const data = Float32Array.from({ length: n * D }, () => random.normal());
        const rows = Array.from({ length: n }, (_, i) => i);
        const embeddings = takeRows(unitRows({ data, rows: n, dimensions: D }), rows);
        const cosine = (a: number, b: number) => dotRows(embeddings, a, embeddings, b);
        const open = [averageLinkage(embeddings, rows)];
        expect([...open[0].members].sort((a, b) => a - b)).toEqual(rows);
        for (let group = open.pop(); group; group = open.pop()) {
          if (!group.children) continue;
          const [one, other] = group.children;
          const across = one.members.flatMap((a) => other.members.map((b) => cosine(a, b)));
          expect(group.cosine).toBeCloseTo(across.reduce((sum, value) => sum + value) / across.length, 5);
          const pairs = group.members.flatMap((a, i) => group.members.slice(i + 1).map((b) => cosine(a, b)));
          expect(group.within).toBeCloseTo(pairs.reduce((sum, value) => sum + value) / pairs.length, 5);
          for (const part of group.children)
            if (part.children) expect(part.cosine).toBeGreaterThanOrEqual(group.cosine - 1e-6);
          open.push(one, other);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('proposeIdentities', () => {
  const { rows, labels } = labelledFaces();

  it('proposes to merge a person under two names, and to split a name of two people, by name', async () => {
    const renamed = labels.map((name, i) => (name === 'person 03' && i % 2 === 0 ? 'also person 03' : name));
    const joined = renamed.map((name) => (name === 'person 05' ? 'person 06' : name));
    const { merges, splits, identities } = await proposeIdentities({ features: rows, labels: joined });
    expect(merges.map(({ a, b }) => [identities[a], identities[b]].sort())).toEqual([['also person 03', 'person 03']]);
    expect(splits.map(({ label }) => identities[label])).toEqual(['person 06']);
    expect(splits[0].groups.map(({ images }) => images.length).every((count) => count >= 8)).toBe(true);
  });

  it('leaves out images that are excluded', async () => {
    const excluded = labels.map((name) => name === 'person 03');
    const { prototypes, identities } = await proposeIdentities({ features: rows, labels, excluded });
    expect(prototypes[identities.indexOf('person 03')]).toBeNull();
    expect(prototypes[identities.indexOf('person 04')]!.length).toBeGreaterThan(5);
  });

  it('refuses labels of another count', async () => {
    await expect(proposeIdentities({ features: rows, labels: ['Ada'] })).rejects.toThrow(
      /240 rows of features and 1 labels/,
    );
  });
});
