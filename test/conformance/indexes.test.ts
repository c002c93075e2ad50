import { describe, expect, it } from 'vitest';
import { randomOf } from '../../src/core/random.js';
import { dot, type Matrix, rowOf, shared, unitRows } from '../../src/core/vectors.js';
import { hnswlibState } from '../../src/index/hnswlib-graph.js';
import { indexKinds } from '../../src/index/indexes.js';
import { measureRecall } from '../../src/index/recall.js';

const settings = { hnswLinks: 16, hnswBuildWidth: 200, hnswSearchWidth: 64 };
const clusterOf = ({ rows }: Matrix): Int32Array =>
  Int32Array.from({ length: rows }, (_, row) => row % Math.ceil(rows / 12));

/** Rows in clusters, as faces are: random directions would be nobody's neighbours. */
function clustered(rows: number, dimensions: number): Matrix {
  const random = randomOf('clusters', rows);
  const centres = Array.from({ length: Math.ceil(rows / 12) }, () =>
    Array.from({ length: dimensions }, () => random.normal()),
  );
  const data = Float32Array.from({ length: rows * dimensions }, (_, i) => {
    const centre = centres[Math.floor(i / dimensions) % centres.length];
    return centre[i % dimensions] + 0.4 * random.normal();
  });
  return unitRows({ data, rows, dimensions });
}

/** hnswlib-node is no dependency of ours: `NODE_PATH` names the folder it is in, as .ci/run does. */
const usable = Object.values(indexKinds).filter(({ name }) => name !== 'hnswlib' || hnswlibState().available);

describe.each(usable)('the $name index', (kind) => {
  it('returns exact cosines, nearest first, without the row itself', async () => {
    const vectors = clustered(300, 24);
    const index = await kind.build(vectors, settings);
    const rows = Int32Array.of(0, 7, 299);
    const { ids, cosines, k } = await index.nearestFirst(rows, 6);
    await index.close();
    rows.forEach((row, r) => {
      for (let j = 0; j < k; j++) {
        const at = r * k + j;
        expect(ids[at]).not.toBe(row);
        expect(cosines[at]).toBeCloseTo(dot(rowOf(vectors, row), rowOf(vectors, ids[at])), 5);
        if (j > 0) expect(cosines[at]).toBeLessThanOrEqual(cosines[at - 1]);
      }
    });
  });

  it('finds at least 99 % of the ten true neighbours of clustered rows', async () => {
    const vectors = clustered(1200, 32);
    const labels = clusterOf(vectors);
    const index = await kind.build(vectors, { ...settings, labels });
    const { recallAt10, ownRecallAt10, sample } = await measureRecall(index, vectors, labels, 1);
    await index.close();
    expect(sample).toBe(1000);
    expect(recallAt10).toBeGreaterThanOrEqual(0.99);
    expect(ownRecallAt10).toBeGreaterThanOrEqual(0.99);
  });

  it('finds the nearest rows to vectors that are not among them', async () => {
    const vectors = clustered(600, 24);
    const queries = clustered(50, 24);
    const index = await kind.build(vectors, { ...settings, labels: clusterOf(vectors) });
    const { ids, cosines, k } = await index.nearestTo(queries, 3);
    await index.close();
    for (let q = 0; q < queries.rows; q++) {
      const all = Array.from({ length: vectors.rows }, (_, row) => dot(rowOf(queries, q), rowOf(vectors, row)));
      expect(cosines[q * k]).toBeCloseTo(Math.max(...all), 5);
      expect(cosines[q * k]).toBeCloseTo(all[ids[q * k]], 5);
    }
  });

  it('finds the same neighbours every time it is built', async () => {
    const vectors = clustered(1000, 16);
    const every = Int32Array.from({ length: vectors.rows }, (_, row) => row);
    const found = [];
    for (let time = 0; time < 2; time++) {
      const index = await kind.build(vectors, { hnswLinks: 4, hnswBuildWidth: 8, hnswSearchWidth: 8 });
      found.push(await index.nearestFirst(every, 10));
      await index.close();
    }
    expect(found[1]).toEqual(found[0]);
  });

  it('searches in memory that threads share', async () => {
    const vectors = clustered(200, 24);
    const found = [];
    for (const rows of [vectors, shared(vectors)]) {
      const index = await kind.build(rows, settings);
      found.push(await index.nearestFirst(Int32Array.of(0, 150), 5), await index.nearestTo(rows, 5));
      await index.close();
    }
    expect(found.slice(2)).toEqual(found.slice(0, 2));
  });

  it('fills up with -1 when there are too few rows', async () => {
    const index = await kind.build(clustered(3, 8), settings);
    const { ids } = await index.nearestFirst(Int32Array.of(1), 4);
    await index.close();
    expect([...ids.slice(0, 2)].sort()).toEqual([0, 2]);
    expect([...ids.slice(2)]).toEqual([-1, -1]);
  });
});
