import { describe, expect, it } from 'vitest';
import * as tf from '#tfjs';
import { openLoss } from '../../src/losses/loss-settings.js';
import { lossNamed } from '../../src/losses/losses.js';
import { RELABEL, stepLoss } from '../../src/training/step-loss.js';
import '../helpers/engines.js';

const unit = (degrees: number): number[] => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];

/** One image at 0 degrees, of the class at 30; the others lie at 10, 80 and 180. */
async function step(settings: { interClassCosine?: number; relabelDegrees?: number; active?: number }) {
  await tf.setBackend('cpu');
  const embedding = tf.tensor2d([[3, 0]]);
  const found = stepLoss(
    openLoss(lossNamed('norm-softmax'), { scale: 10 }),
    { subcenters: 1, interClassCosine: 0, ...settings },
    {
      ...{ embedding, beforeNeck: embedding, centres: tf.tensor2d([30, 10, 80, 180].map(unit)) },
      ...{ labels: tf.tensor1d([0], 'int32'), scalars: { [RELABEL]: tf.scalar(settings.active ?? 1) } },
      ...{ state: {}, weights: {}, attributeShares: [] },
    },
  );
  const [loss, own, rival, moved] = [found.loss, found.own, found.rival, found.moved].map(
    (value) => value?.dataSync()[0],
  );
  return { loss, own, rival, moved };
}
const cosine = (degrees: number): number => Math.cos((degrees * Math.PI) / 180);
const crossEntropy = (own: number, ...others: number[]): number =>
  Math.log([own, ...others].reduce((sum, value) => sum + Math.exp(10 * value), 0)) - 10 * own;

describe('the loss of a step', () => {
  it('is that of the cosines to the classes, with the own one and the best other', async () => {
    const { loss, own, rival } = await step({});
    expect(loss).toBeCloseTo(crossEntropy(cosine(30), cosine(10), cosine(80), -1), 4);
    expect(own).toBeCloseTo(cosine(30), 5);
    expect(rival).toBeCloseTo(cosine(10), 5);
  });

  it('takes other classes that are as near as the same person would be for nobody', async () => {
    const { loss, own, rival } = await step({ interClassCosine: 0.9 });
    expect(loss).toBeCloseTo(crossEntropy(cosine(30), 0, cosine(80), -1), 4);
    expect([own, rival].map((value) => value!.toFixed(4))).toEqual([cosine(30).toFixed(4), cosine(80).toFixed(4)]);
  });

  it('is of the label that an image takes, where that is on; the evidence stays that of its own', async () => {
    const taken = await step({ relabelDegrees: 15 });
    expect(taken.loss).toBeCloseTo(crossEntropy(cosine(10), cosine(30), cosine(80), -1), 4);
    expect([taken.moved, taken.own!.toFixed(4)]).toEqual([1, cosine(30).toFixed(4)]);
    for (const off of [await step({ relabelDegrees: 15, active: 0 }), await step({ relabelDegrees: 25 })]) {
      expect(off.loss).toBeCloseTo(crossEntropy(cosine(30), cosine(10), cosine(80), -1), 4);
      expect(off.moved).toBe(0);
    }
  });

  it('leaves an own class that is the nearest out of its rivals, also where all cosines are negative', async () => {
    await tf.setBackend('cpu');
    const embedding = tf.tensor2d([[-1, 0]]);
    const { rival } = stepLoss(
      openLoss(lossNamed('norm-softmax'), {}),
      { subcenters: 1, interClassCosine: 0 },
      {
        ...{
          embedding,
          beforeNeck: embedding,
          centres: tf.tensor2d([80, 30, 10].map(unit)),
          labels: tf.tensor1d([0], 'int32'),
        },
        ...{ scalars: {}, state: {}, weights: {}, attributeShares: [] },
      },
    );
    expect(rival.dataSync()[0]).toBeCloseTo(-cosine(30), 5);
  });
});
