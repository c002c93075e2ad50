import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/core/resolve-config.js';
import { subcentersBySize } from '../../src/subcenter/subcenters-by-size.js';

/** Labels of identities with these many images. */
const sized = (...sizes: number[]): Int32Array =>
  Int32Array.from(sizes.flatMap((size, label) => Array<number>(size).fill(label)));

describe('sub-centres by the size of identities', () => {
  it.each([
    [[10, 10, 10], 1],
    [[50, 50, 50], 2],
    [[74, 74], 2], // not enough for three
    [[...Array<number>(20).fill(10), 90], 1], // one large identity does not make all of them large
    [[90, 90, 90], 3],
    [[500, 500], 3],
    [[5, 5, 5, 5, 80], 3], // most images belong to the large one
  ])('of identities with %j images: K = %i', (sizes, subcenters) => {
    expect(subcentersBySize(sized(...sizes), 3, 25)).toBe(subcenters);
  });

  it('are as many as asked for where somebody asks', () => {
    expect(resolveConfig({}).train.imagesPerSubcenter).toBeGreaterThan(0);
    const {
      train: { subcenters, imagesPerSubcenter },
    } = resolveConfig({ subcenters: 5 });
    expect(subcentersBySize(sized(4, 4), subcenters, imagesPerSubcenter)).toBe(5);
    expect(resolveConfig({ subcenters: 5, imagesPerSubcenter: 10 }).train.imagesPerSubcenter).toBe(10);
  });
});
