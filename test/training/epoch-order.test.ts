import { describe, expect, it } from 'vitest';
import { epochOrder, stepsPerEpoch } from '../../src/training/epoch-order.js';

/** 40 people with 1 to 12 images each. */
const labels = Int32Array.from(Array.from({ length: 40 }, (_, c) => Array<number>(1 + ((c * 7) % 12)).fill(c)).flat());
const plan = { labels, batchSize: 16, seed: 5, imagesPerIdentity: 4 };

describe('an epoch', () => {
  it('is a permutation of its images where each comes for itself', () => {
    const order = epochOrder({ ...plan, imagesPerIdentity: 0 }, 0);
    expect([...order].sort((a, b) => a - b)).toEqual([...labels.keys()]);
    expect(stepsPerEpoch({ ...plan, imagesPerIdentity: 0 })).toBe(Math.ceil(labels.length / 16));
  });

  it('has K images of an identity together, every image among them, in as many steps each epoch', () => {
    for (const epoch of [0, 1, 2]) {
      const order = epochOrder(plan, epoch);
      expect(new Set(order).size).toBe(labels.length);
      expect(Math.ceil(order.length / 16)).toBe(stepsPerEpoch(plan));
      for (let chunk = 0; chunk < order.length; chunk += 4)
        expect(new Set(Array.from(order.slice(chunk, chunk + 4), (position) => labels[position])).size).toBe(1);
    }
    expect(epochOrder(plan, 0)).not.toEqual(epochOrder(plan, 1));
    expect(epochOrder(plan, 1)).toEqual(epochOrder(plan, 1));
  });

  it('has no image twice among K of an identity that has as many: the last ones are filled up with its first', () => {
    const sizes = new Map<number, number>();
    for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
    const order = epochOrder(plan, 0);
    for (let chunk = 0; chunk < order.length; chunk += 4) {
      const images = order.slice(chunk, chunk + 4);
      expect(new Set(images).size).toBe(Math.min(4, sizes.get(labels[images[0]])!));
    }
  });

  it('spreads the chunks of large identities: batches hold about B / K people', () => {
    const crowded = Int32Array.from([...Array<number>(200).fill(0), ...labels.map((label) => label + 1)]);
    const order = epochOrder({ ...plan, labels: crowded }, 0);
    for (let batch = 0; batch + 16 <= order.length; batch += 16)
      expect(new Set(Array.from(order.slice(batch, batch + 16), (position) => crowded[position])).size).toBeGreaterThan(
        1,
      );
  });
});
