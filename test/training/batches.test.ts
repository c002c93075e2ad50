import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CropWriter } from '../../src/images/crop-file.js';
import { type Batch, BatchMaker, type BatchPlan } from '../../src/training/batch-plan.js';
import { prefetchBatches } from '../../src/training/batches.js';
import { epochOrder } from '../../src/training/epoch-order.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

const [SIZE, IMAGES] = [8, 10];
const none = { flip: false, shift: 0, light: 0 };

/** The crop of slot s is of colour 10 s; image i has slot 11 - i. */
function planOf(augmentation = none, colourOf = (slot: number): number => 10 * slot): BatchPlan {
  const cropFile = join(temporaryFolder(), 'crops');
  const writer = new CropWriter(cropFile, SIZE, 0);
  for (let slot = 0; slot < 12; slot++) writer.append(new Uint8Array(SIZE * SIZE * 3).fill(colourOf(slot)));
  writer.close();
  return {
    ...{ cropFile, size: SIZE, augmentation, batchSize: 4, seed: 1, imagesPerIdentity: 0 },
    slots: Int32Array.from({ length: IMAGES }, (_, i) => 11 - i),
    labels: Int32Array.from({ length: IMAGES }, (_, i) => i % 3),
  };
}
const colours = ({ data }: Batch): number[] => [0, 1, 2, 3].map((i) => data[i * SIZE * SIZE * 3] / 10);

describe('a batch of crops', () => {
  it('holds the crop and the label of each image, as the order of the epoch has them', () => {
    const plan = planOf();
    const maker = new BatchMaker(plan);
    for (const epoch of [0, 1])
      for (const step of [0, 1, 2]) {
        const order = epochOrder(plan, epoch);
        const expected = [0, 1, 2, 3].map((i) => order[(4 * step + i) % IMAGES]); // the last is filled up from the start
        const batch = maker.make(epoch, step);
        expect([...batch.positions]).toEqual(expected);
        expect(colours(batch)).toEqual(expected.map((image) => 11 - image));
        expect([...batch.labels]).toEqual(expected.map((image) => image % 3));
      }
    maker.close();
  });

  it('is augmented in another way in each epoch, and in the same way when it is made again', () => {
    const maker = new BatchMaker(planOf({ ...none, light: 0.5 }, () => 128)); // all crops are alike
    expect(maker.make(1, 0).data).toEqual(maker.make(1, 0).data);
    expect(maker.make(1, 0).data).not.toEqual(maker.make(0, 0).data);
    expect(maker.make(1, 0).data).not.toEqual(maker.make(1, 1).data);
    maker.close();
  });
});

describe('batches made ahead', () => {
  it('are all of every epoch once, in order, from where they begin', async () => {
    const places: string[] = [];
    for await (const { epoch, step } of prefetchBatches(planOf(), { epoch: 0, step: 2 }, 3))
      places.push(`${epoch}.${step}`);
    expect(places).toEqual(['0.2', '1.0', '1.1', '1.2', '2.0', '2.1', '2.2']);
  });
});
