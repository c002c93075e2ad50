import { describe, expect, it } from 'vitest';
import { RecallError } from '../../src/core/errors.js';
import { inSpace } from '../../src/core/spaces.js';
import { unitRows } from '../../src/core/vectors.js';
import { findNeighbours, neighbourOptions, refuseLowRecall } from '../../src/index/find-neighbours.js';
import type { NeighbourIndex } from '../../src/index/neighbour-index.js';
import { measureRecall } from '../../src/index/recall.js';
import { emptyNeighbours, offer } from '../../src/index/top-k.js';

/** `count` rows on a quarter of a circle, evenly: the nearest of a row are those beside it. */
const onCircle = (count: number) => {
  const angles = Array.from({ length: count }, (_, i) => (i * Math.PI) / 2 / count);
  const data = Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]));
  return unitRows({ data, rows: count, dimensions: 2 });
};

describe('the nearest so far', () => {
  const kept = (offers: [id: number, cosine: number][], k = 3): number[] => {
    const best = emptyNeighbours(2, k);
    for (const [id, cosine] of offers) offer(best, 1, id, cosine);
    expect([...best.ids.slice(0, k)]).toEqual(Array(k).fill(-1)); // the other row is left alone
    return [...best.ids.slice(k)];
  };

  it('are the highest cosines, the highest first', () => {
    expect(kept([[1, 0.1], [2, 0.5], [3, 0.9], [4, 0.3], [5, 0.7]])).toEqual([3, 5, 2]); // prettier-ignore
    expect(kept([[1, -0.9]])).toEqual([1, -1, -1]);
  });

  it('of equal cosines are those that were offered first', () => {
    const some = 0.7; // more than the 32 bits of it
    expect(kept([1, 2, 3].map((id) => [id, some]))).toEqual([1, 2, 3]);
    expect(kept([[7, 0.5], [3, 0.5], [5, 0.5], [1, 0.5]])).toEqual([7, 3, 5]); // prettier-ignore
    expect(kept([[7, 0.5], [3, 0.75], [5, 0.75]])).toEqual([3, 5, 7]); // prettier-ignore
  });
});

describe('recall', () => {
  const vectors = onCircle(41);
  /** Finds those of the true ten that `finds` says of their distance in rows, and somebody far away for the others. */
  const indexThat = (finds: (apart: number) => boolean): NeighbourIndex => ({
    ...{ kind: 'drawn', vectors: 41, close: () => Promise.resolve() },
    nearestTo: () => Promise.reject(new Error('is not asked for')),
    nearestFirst(rows, k) {
      const best = emptyNeighbours(rows.length, k);
      rows.forEach((row, r) => {
        const near = [...Array(41).keys()]
          .filter((other) => other !== row)
          .sort((a, b) => Math.abs(a - row) - Math.abs(b - row) || a - b)
          .slice(0, k);
        const found = near.map((id, rank) => (finds(Math.abs(id - row)) ? id : 1000 + rank));
        best.ids.set(found, r * k);
      });
      return Promise.resolve(best);
    },
  });
  const everybody = new Int32Array(41);

  it('is the share of the ten true nearest that the index finds', async () => {
    expect(
      (
        await measureRecall(
          indexThat(() => true),
          vectors,
          everybody,
          1,
        )
      ).recallAt10,
    ).toBeCloseTo(1, 1);
    const odd = await measureRecall(
      indexThat((apart) => apart !== 1),
      vectors,
      everybody,
      1,
    );
    expect(odd.recallAt10).toBeGreaterThan(0.78); // two of ten are missed, of a row at the end one
    expect(odd.recallAt10).toBeLessThan(0.82);
    expect(
      (
        await measureRecall(
          indexThat(() => false),
          vectors,
          everybody,
          1,
        )
      ).recallAt10,
    ).toBe(0);
  });

  it('of the own label counts only neighbours that carry it', async () => {
    const pairs = everybody.map((_, row) => row >> 1); // of each row one of those beside it
    const found = await measureRecall(
      indexThat((apart) => apart !== 1),
      vectors,
      pairs,
      1,
    );
    expect([found.ownRecallAt10, found.sample]).toEqual([0, 41]);
    expect(found.recallAt10).toBeGreaterThan(0.7);
  });

  it('of the own label is 1 where no row has one', async () => {
    const { ownRecallAt10 } = await measureRecall(
      indexThat(() => false),
      vectors,
      everybody.map(() => -1),
      1,
    );
    expect(ownRecallAt10).toBe(1);
  });

  it('below the bar is refused, and says both; at the bar it is enough', () => {
    const recall = (ownRecallAt10: number) => () =>
      refuseLowRecall({ recallAt10: 1, ownRecallAt10, sample: 9 }, { recallBar: 0.95 });
    expect(recall(0.949)).toThrow(RecallError);
    expect(recall(0.949)).toThrow(/only 94.9 % .* 95 % are needed/);
    expect(recall(0.95)).not.toThrow();
  });
});

describe('the neighbours of a set', () => {
  it('are more than are asked for: copies of an image do not count, and there may be five', async () => {
    const features = inSpace('frozen', onCircle(41));
    const { near } = await findNeighbours(features, new Int32Array(41), neighbourOptions({ neighbours: 10 }));
    expect(near.k).toBe(10 + 5);
    expect([...near.ids.slice(0, near.k)]).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
  });
});
