import { describe, expect, it } from 'vitest';
import { randomOf } from '../../src/core/random.js';
import { dot, type Matrix, rowOf, unitRows } from '../../src/core/vectors.js';
import { findRivals } from '../../src/noise/nearest-other-class.js';

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
const images = drawn(IMAGES, 'images');

describe.each([
  ['all centres compared', 300],
  ['found through a graph', 5100],
])('rivals, %s', (_, count) => {
  it('are the two most alike of the other identities', async () => {
    const centres = drawn(count, 'centres');
    const labels = Int32Array.from({ length: IMAGES }, (_, image) => (image * 7) % count);
    const { label, cosine, secondLabel, secondCosine } = await findRivals(images, centres, labels, settings);
    let right = 0;
    for (let image = 0; image < IMAGES; image++) {
      const cosines = Array.from({ length: count }, (_, other) => dot(rowOf(images, image), rowOf(centres, other)));
      const others = [...cosines.keys()].filter((other) => other !== labels[image]);
      const [first, second] = others.sort((a, b) => cosines[b] - cosines[a]);
      if (label[image] === first && secondLabel[image] === second) right++;
      expect(cosine[image]).toBeCloseTo(cosines[label[image]], 5);
      expect(secondCosine[image]).toBeLessThanOrEqual(cosine[image]);
    }
    expect(right / IMAGES).toBeGreaterThanOrEqual(0.97);
  });
});

it('an only identity has no rival', async () => {
  const one = drawn(1, 'one');
  const { label, secondLabel } = await findRivals(images, one, new Int32Array(IMAGES), settings);
  expect([label[3], secondLabel[3]]).toEqual([-1, -1]);
});
