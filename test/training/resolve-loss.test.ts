import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/core/resolve-config.js';
import { resolveLossConfig } from '../../src/training/resolve-loss.js';

const labels = Int32Array.from({ length: 1200 }, (_, i) => i % 4); // 300 images each
const settle = (settings: Record<string, unknown>) => resolveLossConfig(resolveConfig(settings), labels);

describe('what a loss leaves no choice about', () => {
  it.each(['simplex', 'l-softmax'])(
    '%s has one centre an identity, and refuses sub-centres that are asked for',
    (loss) => {
      expect(settle({ loss }).train.subcenters).toBe(1);
      expect(settle({ loss: 'cosface' }).train.subcenters).toBe(3);
      expect(settle({ loss, subcenters: 1 }).train.subcenters).toBe(1);
      expect(() => settle({ loss, subcenters: 3 })).toThrow(/has no sub-centres: .*(arcface|a-softmax)/);
    },
  );

  it('gives identities of few images one centre, whatever their number', () => {
    const few = Int32Array.from({ length: 400 }, (_, i) => i % 40); // 10 images each
    expect(resolveLossConfig(resolveConfig({ loss: 'cosface' }), few).train.subcenters).toBe(1);
  });

  it('joint brings its neck, unless the config says otherwise', () => {
    expect([settle({ loss: 'joint' }).model.neck, settle({}).model.neck]).toEqual([true, false]);
    expect([settle({ loss: 'joint', neck: false }).model.neck, settle({ neck: true }).model.neck]).toEqual([
      false,
      true,
    ]);
  });

  it('joint draws K of an identity, which must divide the batch', () => {
    expect(() => settle({ loss: 'joint', batchSize: 30 })).toThrow(/4 images of an identity together/);
    expect(() => settle({ loss: 'joint', batchSize: 30, lossSettings: { imagesPerIdentity: 5 } })).not.toThrow();
  });

  it('fixed centres are not sampled', () => {
    expect(() => settle({ loss: 'simplex', classShare: 0.5 })).toThrow(/nothing to sample/);
  });
});
