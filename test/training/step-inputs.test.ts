import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/core/resolve-config.js';
import { openLoss } from '../../src/losses/loss-settings.js';
import { lossNamed } from '../../src/losses/losses.js';
import { scheduledInputs } from '../../src/training/step-inputs.js';

const STEPS = 10; // an epoch
const settings = { epochs: 4, learningRateWarmup: 0, learningRate: 1, marginWarmup: 0.5, batchSize: 50 };
const margin = openLoss(lossNamed('cosface'), { margin: 0.4 });
const config = resolveConfig(settings);
const at = (epoch: number, step: number, more: Record<string, unknown> = {}, terms = margin) =>
  scheduledInputs(resolveConfig({ ...settings, ...more }), terms, { epoch, step }, STEPS, 8);

describe('what a step is fed', () => {
  it('is one schedule over all epochs: after half of the steps the rate is a half, and the margin whole', () => {
    expect(at(2, 0).rate[0]).toBeCloseTo(0.5, 6);
    expect(at(1, 0).margin[0]).toBeCloseTo(0.4 / 2, 6);
    expect(at(2, 0).margin[0]).toBeCloseTo(0.4, 6);
    expect(at(3, 9).rate[0]).toBeLessThan(at(3, 0).rate[0]);
  });

  it('tells a loss that anneals how many steps were done in all', () => {
    const terms = openLoss(lossNamed('a-softmax'), { annealFrom: 100, annealGrowth: 1, annealTo: 0 });
    expect(scheduledInputs(config, terms, { epoch: 1, step: 9 }, STEPS).lambda[0]).toBeCloseTo(100 / (1 + 19), 5);
  });

  it('switches relabelling on after its share of training', () => {
    const terms = openLoss(lossNamed('arcface'), { relabelAfter: 0.5 });
    const switched = [at(0, 0, {}, terms), at(1, 9, {}, terms), at(2, 0, {}, terms), at(3, 9, {}, terms)];
    expect(switched.map(({ relabel }) => relabel[0])).toEqual([0, 0, 1, 1]);
    expect(at(2, 0).relabel).toBeUndefined();
  });
});

describe("dropout's mask", () => {
  it('drops its share, and lengthens what it keeps so that the mean stays 1', () => {
    const mask = [...at(0, 0, { dropout: 0.2 }).dropout];
    expect(mask).toHaveLength(50 * 8);
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / 0.8)]));
    const dropped = mask.filter((value) => value === 0).length / mask.length;
    expect(dropped).toBeGreaterThan(0.1);
    expect(dropped).toBeLessThan(0.3);
  });

  it('is another one each step, and the same one when the step is done again', () => {
    const mask = (epoch: number, step: number) => at(epoch, step, { dropout: 0.2 }).dropout;
    expect(mask(1, 2)).toEqual(mask(1, 2));
    expect(mask(1, 2)).not.toEqual(mask(1, 3));
    expect(mask(1, 2)).not.toEqual(mask(2, 2));
  });

  it('is not there without dropout', () => expect(at(0, 0).dropout).toBeUndefined());
});
