import { describe, expect, it } from 'vitest';
import { randomOf } from '../../src/core/random.js';
import { dot, type Matrix, rowOf, unitRows } from '../../src/core/vectors.js';
import { findRivals, type RivalOptions } from '../../src/subcenter/rival.js';

const settings = { hnswLinks: 16, hnswBuildWidth: 100, hnswSearchWidth: 64 };
const [CENTRES, IMAGES, DIMENSIONS] = [2100, 200, 24];

const drawn = (rows: number, name: string): Matrix => {
  const random = randomOf(name);
  return unitRows({
    data: Float32Array.from({ length: rows * DIMENSIONS }, random.normal),
    rows,
    dimensions: DIMENSIONS,
  });
};
const centres = drawn(CENTRES, 'centres');
const images = drawn(IMAGES, 'images');
const labels = Int32Array.from({ length: IMAGES }, (_, image) => (image * 7) % CENTRES);

/** Other labels, the most alike first. */
function truthOf(image: number, left: ReadonlySet<number> = new Set()): number[] {
  const cosines = Array.from({ length: CENTRES }, (_, other) => dot(rowOf(images, image), rowOf(centres, other)));
  return [...cosines.keys()]
    .filter((other) => other !== labels[image] && !left.has(other))
    .sort((a, b) => cosines[b] - cosines[a]);
}

describe.each<[string, RivalOptions]>([
  ['comparing all centres', {}],
  ['through a graph', { settings }],
])('rivals, %s', (_, options) => {
  it('are the two most alike of the other identities', async () => {
    const { label, cosine, secondLabel, secondCosine } = await findRivals(images, centres, labels, undefined, options);
    let right = 0;
    for (let image = 0; image < IMAGES; image++) {
      const [first, second] = truthOf(image);
      if (label[image] === first && secondLabel[image] === second) right++;
      expect(cosine[image]).toBeCloseTo(dot(rowOf(images, image), rowOf(centres, label[image])), 5);
      expect(secondCosine[image]).toBeLessThanOrEqual(cosine[image]);
    }
    expect(right / IMAGES).toBeGreaterThanOrEqual(0.97);
  });

  it('are no partners, however many those are', async () => {
    const left = new Set(truthOf(0).slice(0, 12)); // more than the graph is asked for
    const partners = new Map([[labels[0], left]]);
    const { label, secondLabel } = await findRivals(images, centres, labels, undefined, { ...options, partners });
    expect([label[0], secondLabel[0]]).toEqual(truthOf(0, left).slice(0, 2));
  });
});

it('an only identity has no rival', async () => {
  const one = drawn(1, 'one');
  const { label, secondLabel } = await findRivals(images, one, new Int32Array(IMAGES), undefined);
  expect([label[3], secondLabel[3]]).toEqual([-1, -1]);
});
