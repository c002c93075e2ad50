import { describe, expect, it } from 'vitest';
import type { Detector } from '../../src/faces/detector.js';
import type { Detection } from '../../src/faces/face.js';
import { searchScales } from '../../src/faces/search-scales.js';

const image = { data: new Uint8Array(3 * 400 * 200), width: 400, height: 200 };
const box = (left: number, height: number, faint?: true): Detection => ({
  ...{ left, top: 20, right: left + 80, bottom: 20 + height, score: faint ? 0.5 : 0.9 },
  ...(faint && { faint }),
});
const finds = (...boxes: Detection[]): Detector => ({ detect: async () => boxes, dispose: async () => undefined });

describe('faint candidates', () => {
  it('stay beside a face that is about as large, and a covered face is not lost', async () => {
    const [face, covered] = [box(20, 100), box(250, 120, true)];
    expect(await searchScales(finds(face, covered), image)).toEqual([face, covered]);
  });

  it('go where they are much smaller than a face or touch one: those are often patches', async () => {
    const face = box(20, 100);
    expect(await searchScales(finds(face, box(250, 40, true), box(90, 100, true)), image)).toEqual([face]);
  });

  it('are no face where there is no other', async () => {
    expect(await searchScales(finds(box(20, 100, true)), image)).toEqual([]);
  });
});
