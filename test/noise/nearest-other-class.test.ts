import { describe, expect, it } from 'vitest';
import { randomOf } from '../../src/core/random.js';
import { inSpace } from '../../src/core/spaces.js';
import { dot, type Matrix, rowOf, unitRows } from '../../src/core/vectors.js';
import { findNearestOtherClass } from '../../src/noise/nearest-other-class.js';

const settings = { hnswLinks: 16, hnswBuildWidth: 100, hnswSearchWidth: 64 };
const [IMAGES, DIMENSIONS] = [200, 24];

const drawn = (rows: number, name: string): Matrix => {
  const random = randomOf(name);
  return unitRows({
    data: Float32Array.from({ length: rows * DIMENSIONS }, random.normal),
    rows,
    dimensions: DIMENSIONS,
  });
};
const images = inSpace('frozen', drawn(IMAGES, 'images'));

describe.each([
  ['compared one by one', 60],
  ['compared by matrix products', 5100],
])('the nearest other classes, %s', (_, count) => {
  it('are the two with the highest cosine among the other classes', async () => {
    const centres = inSpace('frozen', drawn(count, 'centres'));
    const labels = Int32Array.from({ length: IMAGES }, (_, image) => (image * 7) % count);
    const { label, cosine, secondLabel, secondCosine } = await findNearestOtherClass(images, centres, labels, settings);
    let right = 0;
    for (let image = 0; image < IMAGES; image++) {
      const cosines = Array.from({ length: count }, (_, other) => dot(rowOf(images, image), rowOf(centres, other)));
      const others = [...cosines.keys()].filter((other) => other !== labels[image]);
      const [first, second] = others.sort((a, b) => cosines[b] - cosines[a]);
      if (label[image] === first && secondLabel[image] === second) right++;
      expect(cosine[image]).toBeCloseTo(cosines[label[image]], 5);
      expect(secondCosine[image]).toBeLessThanOrEqual(cosine[image]);
    }
    expect(right / IMAGES).toBe(1);
  });
});

it('a single class has no other class', async () => {
  const one = inSpace('frozen', drawn(1, 'one'));
  const { label, secondLabel } = await findNearestOtherClass(images, one, new Int32Array(IMAGES), settings);
  expect([label[3], secondLabel[3]]).toEqual([-1, -1]);
});
