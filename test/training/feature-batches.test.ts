import { describe, expect, it } from 'vitest';
import type { Batch } from '../../src/training/batch-plan.js';
import { epochOrder } from '../../src/training/epoch-order.js';
import { type FeaturePlan, featureBatches } from '../../src/training/feature-batches.js';

const IMAGES = 10;
const ROWS = 20;
/** Row r is (r, r) upright and (-r, -r) mirrored; image i has row 19 - i. */
const plan: FeaturePlan = {
  features: {
    dimensions: 2,
    upright: Float32Array.from({ length: 2 * ROWS }, (_, at) => Math.floor(at / 2)),
    mirrored: Float32Array.from({ length: 2 * ROWS }, (_, at) => -Math.floor(at / 2)),
  },
  slots: Int32Array.from({ length: IMAGES }, (_, i) => ROWS - 1 - i),
  labels: Int32Array.from({ length: IMAGES }, (_, i) => i % 3),
  ...{ batchSize: 4, seed: 1, imagesPerIdentity: 0, flip: true },
};

async function batchesOf(given: Partial<FeaturePlan> = {}, from = { epoch: 0, step: 0 }, epochs = 2): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of featureBatches({ ...plan, ...given }, from, epochs)) batches.push(batch);
  return batches;
}
const placeOf = ({ epoch, step }: Batch): string => `${epoch}.${step}`;
/** The first number of each row. */
const shown = ({ data }: Batch): number[] => [...data].filter((_, at) => at % 2 === 0);

describe('batches of stored features', () => {
  it('hold the row of each image and its label, as the order of the epoch has them', async () => {
    for (const batch of await batchesOf({ flip: false })) {
      const order = epochOrder(plan, batch.epoch);
      const expected = [0, 1, 2, 3].map((i) => order[(4 * batch.step + i) % IMAGES]); // the last is filled up from the start
      expect([...batch.positions]).toEqual(expected);
      expect(shown(batch)).toEqual(expected.map((image) => ROWS - 1 - image));
      expect([...batch.labels]).toEqual(expected.map((image) => image % 3));
    }
  });

  it('hold the mirrored row of about half of the images, and of none without flip', async () => {
    const all = (await batchesOf({}, undefined, 40)).flatMap(shown);
    const share = all.filter((value) => value < 0).length / all.length;
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
    expect((await batchesOf({ flip: false }, undefined, 10)).flatMap(shown).every((value) => value > 0)).toBe(true);
  });

  it('go on where they stopped, with the same batches', async () => {
    const whole = await batchesOf();
    expect(whole.map(placeOf)).toEqual(['0.0', '0.1', '0.2', '1.0', '1.1', '1.2']);
    expect(await batchesOf({}, { epoch: 0, step: 2 })).toEqual(whole.slice(2));
  });
});
