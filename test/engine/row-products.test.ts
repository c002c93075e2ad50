import { describe, expect, it } from 'vitest';
import { randomOf } from '../../src/core/random.js';
import { gramMatrix, rowMap } from '../../src/engine/row-products.js';

const [ROWS, D] = [1300, 96];
const random = randomOf('row products');
const rows = Float32Array.from({ length: ROWS * D }, random.normal);

describe('a linear map of rows', () => {
  const weights = Float32Array.from({ length: D * D }, random.normal);
  const centre = Float32Array.from({ length: D }, random.normal);

  it('is (x - centre) W', async () => {
    const map = await rowMap(weights, centre);
    const mapped = await map.run(rows);
    await map.dispose();
    for (const [row, e] of [
      [0, 0],
      [7, 95],
      [1299, 40],
    ]) {
      // prettier-ignore
      let sum = 0;
      for (let d = 0; d < D; d++) sum += (rows[row * D + d] - centre[d]) * weights[d * D + e];
      expect(mapped[row * D + e]).toBeCloseTo(sum, 3);
    }
  });

  it('gives a row the same bits on any number of threads, and in whatever block it comes', async () => {
    const [one, three] = [await rowMap(weights, centre, 1), await rowMap(weights, centre, 3)];
    const whole = await one.run(rows);
    expect(await three.run(rows)).toEqual(whole);
    for (const size of [1, 2, 5, 64, 700])
      for (let from = 0; from < ROWS; from += 400) {
        const part = await three.run(rows.slice(from * D, (from + size) * D));
        expect(part).toEqual(whole.subarray(from * D, (from + size) * D));
      }
    await one.dispose();
    await three.dispose();
  });
});

describe('the sum of outer products', () => {
  it("is X'X", async () => {
    const gram = await gramMatrix(rows, D);
    for (const [i, j] of [
      [0, 0],
      [3, 90],
      [90, 3],
    ]) {
      // prettier-ignore
      let sum = 0;
      for (let row = 0; row < ROWS; row++) sum += rows[row * D + i] * rows[row * D + j];
      expect(gram[i * D + j]).toBeCloseTo(sum, 2);
    }
  });
});
