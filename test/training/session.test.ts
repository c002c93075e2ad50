import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentProgress } from '../../src/core/progress.js';
import { randomOf } from '../../src/core/random.js';
import { type RawLayer, resolveConfig } from '../../src/core/resolve-config.js';
import { type Checkpoint, readCheckpoint } from '../../src/model/checkpoint.js';
import { epochOrder } from '../../src/training/epoch-order.js';
import { type TrainingSet, TrainingSession } from '../../src/training/training-session.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

const D = 6;
/** A rate under which weights stay what they were drawn as. */
const STILL = { learningRate: 1e-20, weightDecay: 0, epochs: 1, batchSize: 8, subcenters: 1, flip: false, threads: 1 };

/** `images` of `people` with features of their own: a dense layer that starts as the identity is all that trains. */
function setOf(images: number, people: number): TrainingSet & { rows: number[][] } {
  const random = randomOf('session', images);
  const rows = Array.from({ length: images }, () => Array.from({ length: D }, () => random.normal()));
  const upright = Float32Array.from(rows.flat());
  return {
    ...{ cropFile: '', slots: Int32Array.from(rows.keys()), labels: Int32Array.from(rows, (_, i) => i % people) },
    identities: Array.from({ length: people }, (_, i) => `P${i}`),
    features: { dimensions: D, upright, mirrored: upright },
    rows,
  };
}

async function trained(set: TrainingSet, settings: RawLayer): Promise<Checkpoint> {
  const file = join(temporaryFolder(), 'checkpoint');
  const session = await TrainingSession.open(resolveConfig({ ...STILL, ...settings }), 'run', file, set, false);
  await session.train({ signal: new AbortController().signal, progress: silentProgress });
  await session.close();
  return readCheckpoint(file);
}

/** Cosine of each image to each class's centre. */
function cosinesOf({ rows }: { rows: number[][] }, { state: { head } }: Checkpoint): number[][] {
  const centres = Array.from({ length: head.length / D }, (_, c) => [...head.slice(c * D, (c + 1) * D)]);
  return rows.map((row) =>
    centres.map(
      (centre) =>
        row.reduce((sum, value, d) => sum + value * centre[d], 0) / Math.hypot(...row) / Math.hypot(...centre),
    ),
  );
}
const meanOf = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const degreesOf = (cosine: number): number => (Math.acos(cosine) * 180) / Math.PI;

describe('what an epoch leaves', () => {
  const set = setOf(16, 4);

  it('is the mean loss and angle of its images, and the margin of each to the best other class', async () => {
    const checkpoint = await trained(set, { loss: 'norm-softmax', lossSettings: { scale: 10 } });
    const cosines = cosinesOf(set, checkpoint);
    const own = cosines.map((row, i) => row[i % 4]);
    const losses = cosines.map((row, i) => Math.log(meanOf(row.map((c) => Math.exp(10 * (c - own[i])))) * 4));
    const [epoch] = checkpoint.progress.history;
    expect(epoch.loss).toBeCloseTo(meanOf(losses), 4);
    expect(epoch.meanAngleDegrees).toBeCloseTo(meanOf(own.map(degreesOf)), 2);
    cosines.forEach((row, i) => {
      const rival = Math.max(...row.filter((_, label) => label !== i % 4));
      expect(checkpoint.state['margins.sum'][i]).toBeCloseTo(own[i] - rival, 4);
      expect(checkpoint.state['margins.count'][i]).toBe(1);
    });
  });

  it('tells how many images were trained under another label', async () => {
    const lossSettings = { relabelAfter: 0, relabelDegrees: 20 };
    const checkpoint = await trained(set, { loss: 'cosface', lossSettings });
    const moved = cosinesOf(set, checkpoint).filter((row, i) => {
      const rival = Math.max(...row.filter((_, label) => label !== i % 4));
      return degreesOf(row[i % 4]) - degreesOf(rival) > 20;
    });
    expect(moved.length).toBeGreaterThan(0);
    expect(moved.length).not.toBe(16 - moved.length);
    expect(checkpoint.progress.history[0].relabelled).toBe(moved.length);
  });

  it('keeps the running statistics of a batch norm: a tenth of the way to each batch', async () => {
    const checkpoint = await trained(set, { loss: 'norm-softmax', neck: true });
    const order = epochOrder({ labels: set.labels, batchSize: 8, seed: 0, imagesPerIdentity: 0 }, 0);
    const meanOfBatch = (from: number, d: number): number =>
      meanOf([...order.slice(from, from + 8)].map((i) => set.rows[i][d]));
    for (let d = 0; d < D; d++)
      expect(checkpoint.state['neck.mean'][d]).toBeCloseTo(0.9 * 0.1 * meanOfBatch(0, d) + 0.1 * meanOfBatch(8, d), 4);
  });

  it('shrinks centres that are learnt by the weight decay, and never moves fixed ones', async () => {
    const decay = {
      learningRate: 0.5,
      learningRateWarmup: 0,
      momentum: 0,
      weightDecay: 0.5,
      batchSize: 16,
      classShare: 1,
    };
    const [start, end] = [await trained(set, { loss: 'norm-softmax', lossSettings: { scale: 1e-9 } }), await trained(set, { ...decay, loss: 'norm-softmax', lossSettings: { scale: 1e-9 } })]; // prettier-ignore
    end.state.head.forEach((value, i) => expect(value).toBeCloseTo(start.state.head[i] * (1 - 0.5 * 0.5), 5)); // no gradient at no scale
    const fixed = { loss: 'simplex', lossSettings: {} };
    expect((await trained(set, { ...decay, ...fixed })).state.head).toEqual((await trained(set, fixed)).state.head);
  });

  it('refuses what the loss cannot do with so many identities', async () => {
    await expect(trained(set, { loss: 'cosface', lossSettings: { margin: 1.4 } })).rejects.toThrow(/1.333 is the most/); // 4 / (4 - 1)
  });
});

describe('a step that sees a share of the classes', () => {
  it('moves their rows and gives them momentum, and no others', async () => {
    const set = setOf(40, 40);
    const few = { ...set, slots: set.slots.slice(0, 4), labels: set.labels.slice(0, 4) };
    const settings = { loss: 'cosface', batchSize: 4, classShare: 0.25 };
    const [start, end] = [await trained(few, settings), await trained(few, { ...settings, learningRate: 0.5 })];
    const changed = (name: string): number[] =>
      set.identities.flatMap((_, c) => {
        const of = ({ state }: Checkpoint): string => state[name].slice(c * D, (c + 1) * D).join();
        return of(start) === of(end) && !(name.startsWith('velocity') && /[1-9]/.test(of(end))) ? [] : [c];
      });
    expect(changed('head')).toHaveLength(10); // a quarter of 40
    expect(changed('head')).toEqual(expect.arrayContaining([0, 1, 2, 3]));
    expect(changed('velocity:head')).toEqual(changed('head'));
  });
});
