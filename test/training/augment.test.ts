import { describe, expect, it } from 'vitest';
import type { Random } from '../../src/core/random.js';
import { randomOf } from '../../src/core/random.js';
import { type Augmentation, augmentInto } from '../../src/training/augment.js';

const none: Augmentation = { flip: false, shift: 0, light: 0 };

/** A crop whose pixel (x, y) is (10 x, 10 y, 100). */
const crop = (size: number): Uint8Array =>
  Uint8Array.from({ length: size * size * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    return [10 * (pixel % size), 10 * Math.floor(pixel / size), 100][at % 3];
  });

/** The crop of `size` as it comes out: the columns and rows that its pixels were taken from, (size, size) each. */
function placesAfter(size: number, augmentation: Augmentation, random: Random): { x: number[]; y: number[] } {
  const target = new Uint8Array(size * size * 3);
  augmentInto(crop(size), size, target, 0, augmentation, random);
  const channel = (c: number): number[] => [...target].filter((_, at) => at % 3 === c).map((value) => value / 10);
  return { x: channel(0).slice(0, size), y: channel(1).filter((_, at) => at % size === 0) };
}
const many = <T>(draw: (random: Random) => T): T[] => {
  const random = randomOf('augment');
  return Array.from({ length: 200 }, () => draw(random));
};

describe('augmentation', () => {
  it('leaves a crop as it is where nothing is asked for', () => {
    const target = new Uint8Array(4 * 4 * 3 + 1);
    augmentInto(crop(4), 4, target, 1, none, randomOf('nothing'));
    expect([...target.slice(1)]).toEqual([...crop(4)]);
  });

  it('mirrors about half of the crops, column by column', () => {
    const columns = many((random) => placesAfter(5, { ...none, flip: true }, random).x.join(''));
    expect(new Set(columns)).toEqual(new Set(['01234', '43210']));
    const mirrored = columns.filter((x) => x === '43210').length;
    expect(mirrored).toBeGreaterThan(60);
    expect(mirrored).toBeLessThan(140);
  });

  it('shifts both ways along both axes by what is asked for at size 64, and repeats the edge', () => {
    const drawn = many((random) => placesAfter(16, { ...none, shift: 8 }, random)); // 8 of 64 pixels are 2 of 16
    const shifts = ({ x, y }: { x: number[]; y: number[] }): [number, number] => [x[8] - 8, y[8] - 8];
    for (const axis of [0, 1])
      expect(new Set(drawn.map((places) => shifts(places)[axis]))).toEqual(new Set([-2, -1, 0, 1, 2]));
    for (const places of drawn) {
      const [dx] = shifts(places);
      expect(places.x).toEqual(Array.from({ length: 16 }, (_, x) => Math.min(15, Math.max(0, x + dx))));
    }
  });

  it('changes contrast about the middle, and brightness by a share of it, both ways', () => {
    /** What becomes of levels 28, 128 and 228. */
    const levels = many((random) => {
      const target = new Uint8Array(2 * 2 * 3);
      const grey = Uint8Array.from([28, 128, 228].flatMap((level) => [level, level, level]).concat([0, 0, 0]));
      augmentInto(grey, 2, target, 0, { ...none, light: 0.2 }, random);
      return [target[0], target[3], target[6]];
    });
    const brightness = levels.map(([, middle]) => (middle - 128) / 128);
    const contrast = levels.map(([dark, , light]) => (light - dark) / 200 - 1);
    for (const changes of [brightness, contrast]) {
      expect(Math.max(...changes)).toBeGreaterThan(0.15);
      expect(Math.min(...changes)).toBeLessThan(-0.15);
      for (const change of changes) expect(Math.abs(change)).toBeLessThanOrEqual(0.21);
    }
    levels.forEach(([dark, middle, light]) => {
      if (dark > 0 && light < 255) expect(Math.abs((dark + light) / 2 - middle)).toBeLessThanOrEqual(1);
    });
  });
});
