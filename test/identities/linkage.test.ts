import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/core/vectors.js';
import { averageLinkage, type Cluster } from '../../src/identities/average-linkage.js';
import { classPrototypes, meanOf, prototypeSimilarity } from '../../src/identities/class-prototypes.js';
import { alikePairs, pairsAcross } from '../../src/identities/closest-pairs.js';
import { clusterIdentities } from '../../src/identities/cluster-identities.js';
import { clustersAbove, correctedSimilarity, densestHalf, dividedCluster } from '../../src/identities/clusters.js';

const unit = (degrees: number): number[] => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
const cosine = (degrees: number): number => Math.cos((degrees * Math.PI) / 180);
const circle = (degrees: number[]): Matrix => ({
  ...{ data: Float32Array.from(degrees.flatMap(unit)), rows: degrees.length, dimensions: 2 },
});
/** A tree of images at these degrees. */
const treeOf = (...degrees: number[]): Cluster => averageLinkage(circle(degrees), [...degrees.keys()]);
const sizes = (clusters: readonly Cluster[]): number[] => clusters.map(({ members }) => members.length);

describe('pairs across two groups', () => {
  const embeddings = circle([0, 10, 50, 80]);

  it('come with the most alike first, and three are shown', () => {
    const pairs = pairsAcross(embeddings, [0, 1], [2, 3]);
    expect(pairs.map(({ images }) => images)).toEqual([[1, 2], [0, 2], [1, 3], [0, 3]]); // prettier-ignore
    expect(pairs[0].cosine).toBeCloseTo(cosine(40), 6);
    expect(alikePairs(embeddings, [0, 1], [2, 3])).toEqual(pairs.slice(0, 3));
  });
});

describe('groups of a tree', () => {
  const tree = treeOf(0, 4, 8, 90, 94, 180); // three, two and one

  it('are the largest that were linked at the threshold, the largest first, and none below the least size', () => {
    expect(sizes(clustersAbove(tree, cosine(10), 1))).toEqual([3, 2, 1]);
    expect(sizes(clustersAbove(tree, cosine(10), 2))).toEqual([3, 2]);
    expect(sizes(clustersAbove(tree, -1, 2))).toEqual([6]);
    expect(sizes(clustersAbove(tree, 1.01, 2))).toEqual([]);
  });

  it('hold half of the images where they are densest', () => {
    expect([...densestHalf(tree).members].sort()).toEqual([0, 1, 2]);
    expect(densestHalf(treeOf(0, 1, 90, 91, 180, 181, 270, 271)).members.length).toBeGreaterThanOrEqual(4);
  });

  it('are divided where both sides are large enough; single odd images are no side', () => {
    const divided = dividedCluster(treeOf(0, 4, 8, 60, 64, 230), 2)!;
    expect(sizes(divided.children)).toEqual([3, 2]);
    expect(divided.cosine).toBeCloseTo((2 * cosine(60) + 2 * cosine(56) + cosine(52) + cosine(64)) / 6, 6);
    expect(dividedCluster(treeOf(0, 4, 8, 90), 2)).toBeNull();
  });
});

describe('likeness', () => {
  it('is 1 for two halves of one person, however alike the images are in themselves', () => {
    expect(correctedSimilarity(0.6, 0.6, 0.6)).toBeCloseTo(1, 12);
    expect(correctedSimilarity(0.3, 0.9, 0.4)).toBeCloseTo(0.3 / 0.6, 12); // the root of .36
  });

  it('of two names is that of the mean pair across, by the mean pairs within both', () => {
    const embeddings = circle([0, 20, 60, 60, 120]);
    const linked = [[0, 1], [2, 3]].map((rows) => [averageLinkage(embeddings, rows)]); // prettier-ignore
    const prototypes = classPrototypes(embeddings, [...linked, []]);
    const across = (2 * cosine(60) + 2 * cosine(40)) / 4;
    expect(prototypeSimilarity(prototypes, 0, 1)).toBeCloseTo(across / Math.sqrt(cosine(20) * 1), 5);
    expect(prototypeSimilarity(prototypes, 1, 0)).toBeCloseTo(prototypeSimilarity(prototypes, 0, 1), 9);
    expect(prototypeSimilarity(prototypes, 0, 2)).toBeNaN();
  });

  it('is computed of means, not brought to unit length', () => {
    const mean = meanOf(circle([0, 90]), [0, 1]);
    expect([mean[0], mean[1]].map((value) => value.toFixed(4))).toEqual(['0.5000', '0.5000']);
  });
});

describe('the people under a name', () => {
  /** Names with four images each, four degrees apart; the last holds six of one person and two of another. */
  const degrees = [
    ...[0, 40, 80, 120].flatMap((d) => [d, d + 4, d + 8, d + 12]),
    160,
    163,
    166,
    169,
    172,
    175,
    250,
    253,
  ];
  const labels = Int32Array.from(degrees, (_, i) => Math.min(4, Math.floor(i / 4)));
  const neighbours = { k: 0, ids: new Int32Array(0), cosines: new Float32Array(0) };
  const embeddings = circle(degrees);

  it('are linked from two fifths of the way between different people and one person', () => {
    const { threshold, clusters, counted } = clusterIdentities({ embeddings, labels, neighbours });
    const others = degrees.flatMap((a, i) => {
      const cosines = degrees.flatMap((b, j) => (j > i && labels[i] !== labels[j] ? [cosine(a - b)] : []));
      return cosines.length === 0 ? [] : [cosines.reduce((sum, one) => sum + one) / cosines.length];
    });
    const different = others.reduce((sum, one) => sum + one) / others.length;
    const densest = cosine(4); // half of a name of four: two images side by side
    expect(threshold).toBeGreaterThan(different + 0.38 * (densest - different));
    expect(threshold).toBeLessThan(different + 0.42 * (densest - different));
    expect(clusters.slice(0, 4).map(sizes)).toEqual([[4], [4], [4], [4]]);
    expect(sizes(clusters[4])).toEqual([6, 2]);
    expect(counted).toEqual([4, 4, 4, 4, 8]);
  });

  it('are nobody where no name has four images: a half of fewer is one image', () => {
    const three = degrees.flatMap((_, i) => (i % 4 < 3 && i < 16 ? [i] : []));
    const few = clusterIdentities({
      ...{ neighbours, embeddings: circle(three.map((i) => degrees[i])) },
      labels: Int32Array.from(three, (i) => labels[i]),
    });
    expect(few.threshold).toBe(Infinity);
    expect(few.clusters).toEqual([[], [], [], []]);
  });
});

describe('a name of very many images', () => {
  it('has everybody in the cluster that is near enough, and nobody else', () => {
    const dimensions = 64;
    /** Image 10, 20, ... of the first name show nobody else twice: each lies in a direction of its own. */
    const isOdd = (i: number): boolean => i < 500 && i % 10 === 0;
    const row = (i: number): number[] =>
      Array.from({ length: dimensions }, (_, d) =>
        Number(d === (isOdd(i) ? 1 + i / 10 : i < 500 ? 0 : dimensions - 1)),
      );
    const data = Float32Array.from(Array.from({ length: 504 }, (_, i) => row(i)).flat());
    const { clusters } = clusterIdentities({
      ...{
        embeddings: { data, rows: 504, dimensions },
        labels: Int32Array.from({ length: 504 }, (_, i) => Number(i >= 500)),
      },
      neighbours: { k: 0, ids: new Int32Array(0), cosines: new Float32Array(0) },
    });
    expect(clusters[0].map(({ members }) => members.length)).toEqual([450]);
    expect(clusters[0][0].members.some(isOdd)).toBe(false);
  });
});
