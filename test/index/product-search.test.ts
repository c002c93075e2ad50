import { afterEach, describe, expect, it } from 'vitest';
import { randomOf } from '../../src/core/random.js';
import { type Block, blockLimit, blocksOf, copyRows, dotRows, unitRows } from '../../src/core/vectors.js';
import { fittingPrecision, type Precision } from '../../src/engine/largest-products.js';
import { nearestByProducts } from '../../src/index/product-search.js';

const DIMENSIONS = 64;
const drawn = (name: string, rows: number): Block => {
  const random = randomOf(name);
  const data = Float32Array.from({ length: rows * DIMENSIONS }, random.normal);
  return unitRows({ data, rows, dimensions: DIMENSIONS });
};
const vectors = drawn('vectors', 9000); // more than one product compares with
const wanted = Int32Array.from({ length: 700 }, (_, i) => i * 12);
const queries = { matrix: vectors, wanted, own: true };
const precisions: Precision[] = ['float32', 'int8'];

afterEach(() => {
  blockLimit.numbers = 2 ** 28;
});

describe.each(precisions)('the nearest rows by products of %s', (precision) => {
  it('are those of comparing one by one, with the same cosines', async () => {
    const { ids, cosines } = await nearestByProducts(vectors, queries, 5, { precision });
    for (const q of [0, 1, 511, 512, 699]) {
      const row = wanted[q];
      const all = Float32Array.from({ length: vectors.rows }, (_, id) => dotRows(vectors, row, vectors, id));
      const order = [...all.keys()].filter((id) => id !== row).sort((a, b) => all[b] - all[a] || a - b);
      expect([...ids.subarray(q * 5, q * 5 + 5)]).toEqual(order.slice(0, 5));
      expect([...cosines.subarray(q * 5, q * 5 + 5)]).toEqual(order.slice(0, 5).map((id) => all[id]));
    }
  });

  it('do not depend on the number of threads, nor on the blocks that rows lie in', async () => {
    const one = await nearestByProducts(vectors, queries, 5, { precision, threads: 1 });
    expect(await nearestByProducts(vectors, queries, 5, { precision, threads: 3 })).toEqual(one);
    blockLimit.numbers = 1000 * DIMENSIONS;
    const many = copyRows(
      vectors,
      Int32Array.from({ length: vectors.rows }, (_, row) => row),
    );
    expect(blocksOf(many)).toHaveLength(9);
    expect(await nearestByProducts(many, { ...queries, matrix: many }, 5, { precision })).toEqual(one);
  });

  it('of equal cosines are the first, and fill up with -1 where there are too few', async () => {
    const same = { data: new Float32Array(40 * 2).fill(Math.SQRT1_2), rows: 40, dimensions: 2 };
    const asked = { matrix: same, wanted: Int32Array.of(1, 39), own: true };
    expect([...(await nearestByProducts(same, asked, 3, { precision })).ids]).toEqual([0, 2, 3, 0, 1, 2]);
    const three = { data: Float32Array.of(1, 0, -1, 0, 0, 1), rows: 3, dimensions: 2 };
    const found = await nearestByProducts(three, { matrix: three, wanted: Int32Array.of(0), own: true }, 4, {
      precision,
    });
    expect([...found.ids]).toEqual([2, 1, -1, -1]);
  });
});

describe('a search that is too small for products', () => {
  it('finds what products find', async () => {
    const few = { ...queries, wanted: wanted.subarray(0, 10) }; // 10 x 9,000 x 64 multiplications
    const plain = await nearestByProducts(vectors, few, 5, {});
    expect(plain).toEqual(await nearestByProducts(vectors, few, 5, { precision: 'float32' }));
  });
});

describe('the precision', () => {
  it('is float for little work', async () => {
    expect(await fittingPrecision(1e9)).toBe('float32');
  });
});
