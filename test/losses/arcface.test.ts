import { describe, expect, it } from 'vitest';
import * as tf from '#tfjs';
import '../helpers/engines.js';
import { arcface } from '../../src/losses/arcface.js';

const scale = 16;
const cosines = [
  [0.6, -0.2, 0.1],
  [0.3, -0.95, 0.5],
];
const labels = [0, 1]; // the second target lies beyond pi - m

/** The loss once more, from its formula, in plain numbers. */
function lossByHand(margin: number): number {
  const perImage = cosines.map((row, i) => {
    const logits = row.map((cosine, j) => {
      if (j !== labels[i]) return scale * cosine;
      const beyond = cosine <= Math.cos(Math.PI - margin);
      return scale * (beyond ? cosine - margin * Math.sin(margin) : Math.cos(Math.acos(cosine) + margin));
    });
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    return -Math.log(Math.exp(logits[labels[i]]) / total);
  });
  return perImage.reduce((a, b) => a + b) / perImage.length;
}

const compute = async (values: number[][], margin: number) => {
  await tf.setBackend('cpu');
  const run = (cosine: tf.Tensor) =>
    arcface.compute({
      cosine: cosine as tf.Tensor2D,
      labels: tf.tensor1d(labels, 'int32'),
      margin: tf.scalar(margin),
      scale,
    });
  const cosine = tf.tensor2d(values);
  const { value, grad } = tf.valueAndGrad((c) => run(c).loss)(cosine);
  const { ownCosine, rivalCosine } = run(cosine);
  return {
    loss: value.dataSync()[0],
    gradient: [...grad.dataSync()],
    own: [...ownCosine.dataSync()],
    rival: [...rivalCosine.dataSync()],
  };
};

describe('arcface', () => {
  it.each([0, 0.3, 0.5])('equals its formula at margin %d', async (margin) => {
    expect((await compute(cosines, margin)).loss).toBeCloseTo(lossByHand(margin), 4);
  });

  it('has the detached gradient s * (p - onehot) / B', async () => {
    const { gradient } = await compute(cosines, 0.3);
    const expected = cosines.flatMap((row, i) => {
      const logits = row.map((cosine, j) => {
        if (j !== labels[i]) return scale * cosine;
        return (
          scale * (cosine <= Math.cos(Math.PI - 0.3) ? cosine - 0.3 * Math.sin(0.3) : Math.cos(Math.acos(cosine) + 0.3))
        );
      });
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
      return logits.map((logit, j) => (scale * (Math.exp(logit) / total - (j === labels[i] ? 1 : 0))) / cosines.length);
    });
    gradient.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
  });

  it.each([1, -1, 0])('is finite at a target cosine of exactly %d', async (cosine) => {
    const { loss, gradient } = await compute(
      [
        [cosine, 0, 1],
        [1, cosine, -1],
      ],
      0.5,
    );
    expect([loss, ...gradient].every(Number.isFinite)).toBe(true);
  });

  it('grows as the target cosine falls, past pi - m too', async () => {
    let last = -Infinity;
    for (let cosine = 1; cosine >= -1; cosine -= 0.05) {
      const { loss } = await compute(
        [
          [cosine, 0.2, 0.1],
          [0.1, 0.5, 0.2],
        ],
        0.5,
      );
      expect(loss).toBeGreaterThan(last);
      last = loss;
    }
  });

  it("tells each image's own and best other cosine", async () => {
    const { own, rival } = await compute(cosines, 0.3);
    own.forEach((value, i) => expect(value).toBeCloseTo(cosines[i][labels[i]], 6));
    expect(rival[0]).toBeCloseTo(Math.max(cosines[0][1], cosines[0][2]), 5);
    expect(rival[1]).toBeCloseTo(Math.max(cosines[1][0], cosines[1][2]), 5);
  });
});
