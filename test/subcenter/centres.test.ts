import { describe, expect, it } from 'vitest';
import * as tf from '#tfjs';
import { isBeyondAngle } from '../../src/subcenter/drop-rule.js';
import { classCosines, rowOfSubcenter } from '../../src/subcenter/centres.js';
import { assignSubcenters } from '../../src/subcenter/dominant.js';
import '../helpers/engines.js';

/** Two classes of two sub-centres each, of several lengths, class by class: along x and -x, along y and -y. */
const CENTRES = [
  [2, 0],
  [-0.1, 0],
  [0, 5],
  [0, -3],
];
const unit = (degrees: number): number[] => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
const matrix = (rows: number[][]) => ({ data: Float32Array.from(rows.flat()), rows: rows.length, dimensions: 2 });

describe('sub-centres', () => {
  it('lie class by class, in the order of k', () => {
    const rows = [0, 1, 2].flatMap((label) => [0, 1, 2, 3].map((k) => rowOfSubcenter(label, k, 4)));
    expect(rows).toEqual([...Array(12).keys()]);
  });

  it('give a class the cosine of its nearest one, whatever their lengths', async () => {
    await tf.setBackend('cpu');
    const cosines = classCosines(tf.tensor2d([unit(30), unit(200)]), tf.tensor2d(CENTRES), 2);
    const expected = [30, 60, 20, 70].map((degrees) => Math.cos((degrees * Math.PI) / 180));
    expect(cosines.shape).toEqual([2, 2]);
    [...cosines.dataSync()].forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
  });

  it('are voted for by the images of their own class, and each class has a dominant one', () => {
    const degrees = [10, -20, 170, 80, -100, -70]; // three images of the first class, three of the second
    const centres = [unit(0), unit(180), unit(90), unit(-90)];
    const found = assignSubcenters(matrix(degrees.map(unit)), matrix(centres), Int32Array.of(0, 0, 0, 1, 1, 1), 2);
    expect([...found.subcenter]).toEqual([0, 0, 1, 0, 1, 1]);
    expect(found.dominants).toEqual([
      { subcenter: 0, share: 2 / 3, clear: true },
      { subcenter: 1, share: 2 / 3, clear: true },
    ]);
    const angles = (cosines: Float32Array): number[] =>
      Array.from(cosines, (cosine) => Math.round((Math.acos(cosine) * 180) / Math.PI));
    expect(angles(found.cosAssigned)).toEqual([10, 20, 10, 10, 10, 20]);
    expect(angles(found.cosDominant)).toEqual([10, 20, 170, 170, 10, 20]);
  });
});

it('an angle that is no number is beyond any', () => expect(isBeyondAngle(NaN, 75)).toBe(true));
