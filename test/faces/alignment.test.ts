import { describe, expect, it } from 'vitest';
import { alignFace, similarity } from '../../src/faces/align-face.js';
import type { FivePoints } from '../../src/faces/face.js';
import { poseOf } from '../../src/faces/pose.js';
import { suppressOverlaps } from '../../src/faces/suppress-overlaps.js';
import { resample } from '../../src/images/resample.js';

const points = (turn: number, scale: number, x: number, y: number): FivePoints =>
  [
    [38.2946, 51.6963],
    [73.5318, 51.5014],
    [56.0252, 71.7366],
    [41.5493, 92.3655],
    [70.7299, 92.2041],
  ].map(([u, v]) => ({
    x: x + scale * (Math.cos(turn) * u - Math.sin(turn) * v),
    y: y + scale * (Math.sin(turn) * u + Math.cos(turn) * v),
  })) as unknown as FivePoints;

describe('the similarity of five points', () => {
  it.each([
    [0, 1, 0, 0],
    [0.4, 2.5, 30, -7],
    [-2, 0.3, -5, 90],
  ])('finds turn %f, scale %f, shift (%f, %f)', (turn, scale, x, y) => {
    const map = similarity(points(0, 1, 0, 0), points(turn, scale, x, y));
    const expected = { a: scale * Math.cos(turn), b: -scale * Math.sin(turn), x0: x, y0: y };
    for (const [name, value] of Object.entries(expected)) expect(map[name as 'a']).toBeCloseTo(value, 6);
  });

  it('puts a face where the template has it', () => {
    const size = 224;
    const data = new Uint8Array(size * size * 3);
    const turned = points(0.5, 1.2, 90, 10);
    for (const { x, y } of turned)
      for (let j = -2; j <= 2; j++)
        for (let i = -2; i <= 2; i++)
          data.fill(
            255,
            3 * ((Math.round(y) + j) * size + Math.round(x) + i),
            3 * ((Math.round(y) + j) * size + Math.round(x) + i) + 3,
          );
    const crop = alignFace({ data, width: size, height: size }, turned, 112);
    const bright = (u: number, v: number): number => crop[3 * (Math.round(v) * 112 + Math.round(u))];
    for (const { x, y } of points(0, 1, 0, 0)) expect(bright(x, y)).toBeGreaterThan(200);
    expect(bright(10, 10)).toBe(0);
  });
});

describe('resampling', () => {
  const image = { data: Uint8Array.from({ length: 60 * 40 * 3 }, (_, i) => (i * 37) % 251), width: 60, height: 40 };
  const all = { left: 0, top: 0, right: 60, bottom: 40 };

  it('leaves an image of the same size as it is', () => {
    expect([...resample(image, all, 60, 40)]).toEqual([...image.data]);
  });

  it.each([
    [30, 20],
    [7, 5],
    [120, 90],
  ])('keeps a plain image plain, and the mean of any, at %i x %i', (width, height) => {
    const plain = { ...image, data: new Uint8Array(60 * 40 * 3).fill(131) };
    expect(new Set(resample(plain, all, width, height))).toEqual(new Set([131]));
    const mean = (data: Uint8Array): number => data.reduce((sum, value) => sum + value, 0) / data.length;
    expect(Math.abs(mean(resample(image, all, width, height)) - mean(image.data))).toBeLessThan(3);
  });
});

it('of boxes over each other the best stays', () => {
  const box = (left: number, score: number) => ({ left, top: 0, right: left + 10, bottom: 10, score });
  expect(suppressOverlaps([box(0, 0.7), box(1, 0.9), box(20, 0.8)]).map(({ score }) => score)).toEqual([0.9, 0.8]);
});

it('the pose says which way a head is turned', () => {
  expect(poseOf(points(0, 1, 0, 0))).toMatchObject({ roll: 0, yaw: 0 });
  expect(poseOf(points(0.5, 3, 0, 0)).roll).toBe(28);
  const [left, right, nose, ...mouth] = points(0, 1, 0, 0);
  expect(poseOf([left, right, { ...nose, x: nose.x + 20 }, ...mouth] as FivePoints).yaw).toBeGreaterThan(35);
});
