import { describe, expect, it } from 'vitest';
import { inSpace } from '../../src/core/spaces.js';
import { averageLinkage } from '../../src/identities/average-linkage.js';
import { classPrototypes } from '../../src/identities/class-prototypes.js';
import type { Clustering, NamedImages } from '../../src/identities/cluster-identities.js';
import { namedProposals } from '../../src/identities/label-proposals.js';
import { scorePairs } from '../../src/identities/merges.js';
import { assignOwners, clusterSimilarity } from '../../src/identities/owner-cluster.js';
import type { SimilarityModel } from '../../src/identities/similarity-model.js';
import { splitConfidence } from '../../src/identities/similarity-posterior.js';
import { scoreSplits } from '../../src/identities/splits.js';
import { exactNeighbours } from '../../src/index/exact-index.js';

/** Each name's groups of images, as degrees on a circle; a group of one is an image of nobody in particular. */
type Names = number[][][];
const spread = (from: number, count: number, step = 1): number[] =>
  Array.from({ length: count }, (_, i) => from + i * step);
const cosine = (degrees: number): number => Math.cos((degrees * Math.PI) / 180);

async function setOf(names: Names): Promise<{ images: NamedImages; clustering: Clustering; degrees: number[] }> {
  const degrees = names.flat(2);
  const data = Float32Array.from(degrees.flatMap((d) => [cosine(d), Math.sin((d * Math.PI) / 180)]));
  const embeddings = inSpace('frozen', { data, rows: degrees.length, dimensions: 2 });
  const labels = Int32Array.from(names.flatMap((groups, label) => groups.flat().map(() => label)));
  const neighbours = await exactNeighbours(embeddings, Int32Array.from(degrees.keys()), 15, undefined);
  let next = 0;
  const rows = names.map((groups) => groups.map((group) => group.map(() => next++)));
  const clusters = rows.map((groups) =>
    groups.filter(({ length }) => length > 1).map((group) => averageLinkage(embeddings, group)),
  );
  const counted = names.map((groups) => groups.flat().length);
  return {
    images: { embeddings, labels, neighbours },
    clustering: { threshold: cosine(8.5), clusters, counted },
    degrees,
  };
}

/** Alike to .9 and more is one person, to .7 and less two. */
const model: SimilarityModel = {
  ...{ onePerson: { middle: 1, deviation: 0.03 }, twoPeople: { middle: 0.5, deviation: 0.06 }, people: 1 },
};
/** Twelve images of each of four people, far from the first degrees. */
const others: Names = [150, 200, 250, 300].map((at) => [spread(at, 12)]);

describe('a second person under a name', () => {
  const splitsOf = async (names: Names, given = model) => {
    const { images, clustering } = await setOf(names);
    return scoreSplits(images, clustering, given).map(({ label, groups, confidence }) => ({
      ...{ label, confidence, counts: groups.map((group) => group.images.length) },
      surest: Math.max(...groups.slice(1).map((group) => group.confidence)),
    }));
  };
  const two: Names = [[spread(0, 12), spread(60, 3)], ...others];

  it('is found from three images on', async () => {
    expect((await splitsOf(two)).map(({ label, counts }) => [label, counts])).toEqual([[0, [12, 3]]]);
    expect(await splitsOf([[spread(0, 12), spread(60, 2)], ...others])).toEqual([]);
  });

  it('is proposed only where that is sure', async () => {
    const { images, clustering } = await setOf(two);
    const similarity = clusterSimilarity(images.embeddings, clustering.clusters[0][0], clustering.clusters[0][1]);
    const odds = (confidence: number): number => confidence / (1 - confidence);
    /** So many people that the confidence of the split is `confidence`: odds are shared among them. */
    const sure = (confidence: number): SimilarityModel => ({
      ...model,
      people: odds(splitConfidence(similarity, model)) / odds(confidence),
    });
    expect(await splitsOf(two, sure(0.82))).toEqual([]); // of those that were wrong most were surer than .58, none than .82
    expect(await splitsOf(two, sure(0.9))).toHaveLength(1);
  });

  it('is none where its images have their like under other names', async () => {
    const walls = [...others.map(([group], i) => [group, spread(60.1 + 0.2 * i, 3, 0.9)])];
    expect(await splitsOf([two[0], ...walls])).toEqual([]);
  });

  it('is none where it is the person of another name', async () => {
    expect(await splitsOf([...two, [spread(60.3, 12, 0.3)]])).toEqual([]);
  });

  it('is a group of three as well as one of twelve: of its neighbours no more than two could be its own', async () => {
    const far: Names = [[spread(0, 12), spread(60, 3, 0.1)], ...others];
    expect(await splitsOf(far)).toHaveLength(1);
  });

  it('comes with the surest of several, and the surest name first', async () => {
    const found = await splitsOf([[spread(0, 12), spread(49, 3)], [spread(100, 12), spread(42, 3, 0.5), spread(157, 3, 0.5)], ...others.slice(1)]); // prettier-ignore
    expect(found.map(({ counts }) => counts.length).sort()).toEqual([2, 3]);
    expect(found.map(({ confidence }) => confidence)).toEqual(found.map(({ surest }) => surest));
    const confidences = found.map(({ confidence }) => confidence);
    expect(confidences).toEqual([...confidences].sort((a, b) => b - a));
    expect(new Set(confidences).size).toBe(2);
  });
});

describe('whom a name means', () => {
  const ownersOf = async (names: Names): Promise<number[]> => {
    const { images, clustering, degrees } = await setOf(names);
    return assignOwners(images, clustering, model).clusters.map(
      ([owner]) => Math.floor(degrees[owner.members[0]] / 10) * 10,
    );
  };

  it('is the largest group', async () => {
    expect(await ownersOf([[spread(0, 6), spread(60, 5)], ...others])).toEqual([0, 150, 200, 250, 300]);
  });

  it('is the next of about its size where the largest is the person of another name', async () => {
    expect(await ownersOf([[spread(0, 6), spread(60, 5)], ...others, [spread(0.5, 12, 0.5)]])).toEqual([
      60, 150, 200, 250, 300, 0,
    ]);
  });

  it('is the largest all the same where the next is less than half of it', async () => {
    expect((await ownersOf([[spread(0, 6), spread(60, 2)], ...others, [spread(0.5, 12, 0.5)]]))[0]).toBe(0);
  });

  it('does not change for a few of its images that lie under another name', async () => {
    const strays: Names = [[spread(200, 12), spread(0.5, 3)]];
    expect((await ownersOf([[spread(0, 6), spread(60, 5)], others[0], ...strays]))[0]).toBe(0);
  });
});

describe('one person under two names', () => {
  const mergesOf = async (names: Names) => {
    const { images, clustering } = await setOf(names);
    const prototypes = classPrototypes(images.embeddings, clustering.clusters);
    return scorePairs(images, { ...clustering, prototypes }, model);
  };
  const twice: Names = [[spread(0, 6)], [spread(2, 9)], ...others];

  it('has the name with more images first, and says how alike the two are', async () => {
    const [merge, ...rest] = await mergesOf(twice);
    expect(rest).toEqual([]);
    expect([merge.a, merge.b, merge.prototypes.map(({ length }) => length)]).toEqual([1, 0, [9, 6]]);
    expect(merge.cosine).toBeCloseTo(cosine(6 - 2.5), 5); // between the middles
    const pairs = spread(2, 9).flatMap((a) => spread(0, 6).map((b) => a - b));
    expect(merge.pairsAbove).toBeCloseTo(pairs.filter((apart) => Math.abs(apart) <= 8).length / pairs.length, 5);
    expect(merge.examples.map((pair) => pair.cosine.toFixed(4))).toEqual(['1.0000', '1.0000', '1.0000']);
  });

  it('is not proposed of people who are merely near', async () => {
    expect(await mergesOf([[spread(0, 6)], [spread(40, 9)], ...others])).toEqual([]);
  });

  it('is not proposed where either name is mostly somebody else', async () => {
    const singles = spread(90, 8, 5).map((at) => [at]);
    expect(await mergesOf([[spread(0, 6), ...singles], [spread(2, 9)], ...others])).toEqual([]);
  });

  it('comes with the surest first', async () => {
    const found = await mergesOf([[spread(0, 6)], [spread(18, 6)], [spread(70, 6)], [spread(71, 6)], ...others]);
    expect(found.map(({ a, b }) => [a, b])).toEqual([[2, 3], [0, 1]]); // prettier-ignore
    expect(found[0].confidence).toBeGreaterThan(found[1].confidence);
  });

  it('is told by names and paths, in the same order', async () => {
    const [merge] = await mergesOf(twice);
    const paths = Array.from({ length: 63 }, (_, i) => `image ${i}`);
    const { merges } = namedProposals({ merges: [merge], splits: [] }, ['small', 'large', 'x', 'y', 'z', 'w'], paths);
    expect(merges[0]).toMatchObject({
      a: 'large',
      b: 'small',
      pairsAboveBar: merge.pairsAbove,
      likeness: merge.similarity,
    });
    expect(merges[0].examples[0].a).toBe(paths[merge.examples[0].images[0]]);
  });
});
