import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { cutImage } from '../../src/faces/cut-image.js';
import type { Alignment } from '../../src/faces/align-face.js';
import type { FaceDetector } from '../../src/faces/face-detector.js';
import type { Detection, FivePoints } from '../../src/faces/face.js';
import { searchFramed } from '../../src/faces/search-framed.js';
import type { RgbImage } from '../../src/images/encode.js';

const picture = (side: number): RgbImage => ({
  data: new Uint8Array(side * side * 3).fill(200),
  width: side,
  height: side,
});
const box = (side: number, score = 0.99, left = 20): Detection => ({
  ...{ left, top: 20, right: left + side, bottom: 20 + side },
  score,
});

/** Finds `bare` in an image of `side` pixels and `framed` in a larger one, as detectors need to see where a face ends. */
function detectorOf(
  side: number,
  bare: Detection[],
  framed: Detection[],
  alignment: Alignment = 'smooth',
): FaceDetector & { looks: number } {
  return {
    alignment,
    looks: 0,
    detect(image) {
      this.looks++;
      return Promise.resolve(image.width > side ? framed : bare);
    },
    dispose: () => Promise.resolve(),
  };
}

describe('a search with a frame', () => {
  it('finds the face of a tight crop', async () => {
    const found = await searchFramed(detectorOf(64, [], [box(40)]), picture(64));
    expect(found).toMatchObject({ margin: 16, boxes: [box(40)] });
    expect([found.searched.width, found.searched.height]).toEqual([96, 96]);
    expect(found.searched.data[3 * (16 * 96 + 16)]).toBe(200); // the picture itself
    expect(found.searched.data[3 * (15 * 96 + 16)]).not.toBe(200); // its frame
  });

  it.each([
    ['fills the picture', box(180)],
    ['is hardly one', box(80, 0.7)],
  ])('looks again when the face %s', async (_, bare) => {
    expect(await searchFramed(detectorOf(240, [bare], [box(120)]), picture(240))).toMatchObject({ margin: 60 });
  });

  it('looks once at a face that is plainly seen', async () => {
    const detector = detectorOf(240, [box(100)], [box(50)]);
    expect(await searchFramed(detector, picture(240))).toMatchObject({ margin: 0, boxes: [box(100)] });
    expect(detector.looks).toBe(1);
  });

  it('takes what a pack of insightface finds as it is, and looks again only where that is nothing', async () => {
    const found = detectorOf(64, [box(60)], [box(40)], 'insightface');
    expect(await searchFramed(found, picture(64))).toMatchObject({ margin: 0, boxes: [box(60)] });
    const missed = detectorOf(64, [], [box(40)], 'insightface');
    expect(await searchFramed(missed, picture(64))).toMatchObject({ margin: 16 });
  });

  it('keeps what it found first when the frame shows nothing', async () => {
    expect(await searchFramed(detectorOf(240, [box(180)], []), picture(240))).toMatchObject({
      ...{ margin: 0, boxes: [box(180)] },
    });
  });

  it('puts the likeliest subject first: large, and near the middle', async () => {
    const [aside, middle] = [box(60, 0.99, 0), box(60, 0.99, 90)];
    const { boxes } = await searchFramed(detectorOf(240, [aside, middle], []), picture(240));
    expect(boxes).toEqual([middle, aside]);
  });
});

it('a face found in the frame is told of in pixels of the picture', async () => {
  const bytes = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#c08060' } })
    .png()
    .toBuffer();
  const points = [30, 60, 45, 34, 56].map((x, i) => ({ x, y: 40 + 10 * Math.min(i, 3) })) as unknown as FivePoints;
  const searched = picture(96);
  const finder = {
    alignment: 'smooth' as const,
    find: () => Promise.resolve({ faces: [{ box: { ...box(60), left: 10 }, points }], searched, margin: 16 }),
    dispose: () => Promise.resolve(),
  };
  const { crops } = await cutImage(bytes, { align: 'auto', size: 112, share: 0.5 }, 1e6, finder);
  expect(crops[0].facts.face).toMatchObject({ left: -6, top: 4 });
});
