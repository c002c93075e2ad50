import { describe, expect, it } from 'vitest';
import { meanFeatures } from '../../src/model/frozen/features.js';
import { prepareInto, usualPreprocessing } from '../../src/model/frozen/preprocessing.js';

describe('features of an image and its mirror image', () => {
  it('are one row together: their mean', () => {
    const features = { dimensions: 2, upright: Float32Array.of(1, 2, 3, 4), mirrored: Float32Array.of(3, 2, -3, 8) };
    expect([...meanFeatures(features)]).toEqual([2, 2, 0, 6]);
  });
});

describe('pixels as a model wants them', () => {
  /** Two by two pixels of red, green and blue. */
  const crop = Uint8Array.of(10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120);
  const prepared = (preprocessing = {}, layout = {}, length = 12): number[] => {
    const target = new Float32Array(length + 1).fill(-1);
    const wanted = { ...usualPreprocessing, mean: 0, scale: 1, ...preprocessing };
    prepareInto(crop, 2, target, 1, wanted, { channelsFirst: false, mirror: false, ...layout });
    expect(target[0]).toBe(-1); // what lies before is left alone
    return [...target.slice(1)];
  };

  it('are less the mean and over the scale', () => {
    expect(prepared({ mean: 10, scale: 10 }).slice(0, 4)).toEqual([0, 1, 2, 3]);
  });

  it('are in the order of channels that is asked for, pixel by pixel or plane by plane', () => {
    expect(prepared()).toEqual([...crop]);
    expect(prepared({ channels: 'bgr' })).toEqual([30, 20, 10, 60, 50, 40, 90, 80, 70, 120, 110, 100]);
    expect(prepared({}, { channelsFirst: true })).toEqual([10, 40, 70, 100, 20, 50, 80, 110, 30, 60, 90, 120]);
  });

  it('of the mirror image have left and right exchanged', () => {
    expect(prepared({}, { mirror: true })).toEqual([40, 50, 60, 10, 20, 30, 100, 110, 120, 70, 80, 90]);
  });

  it('in grey are light: mostly green, least blue, and less the mean too', () => {
    const light = (from: number): number => 0.299 * crop[from] + 0.587 * crop[from + 1] + 0.114 * crop[from + 2];
    const expected = [0, 3, 6, 9].map((from) => (light(from) - 20) / 2);
    const close = (actual: number[], wanted: number[]): void =>
      wanted.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 4));
    close(prepared({ mean: 20, scale: 2 }, { grey: true }, 4), expected);
    close(
      prepared({ mean: 20, scale: 2 }, { grey: true, mirror: true }, 4),
      [1, 0, 3, 2].map((i) => expected[i]),
    );
  });
});
