import type { RgbImage } from '../images/encode.js';

/** Grey of the frame: no edge against skin as strong as black or white would make. */
const GREY = 110;

/** `image` with `margin` pixels of grey on every side. */
export function frameImage({ data, width, height }: RgbImage, margin: number): RgbImage {
  const framed = { width: width + 2 * margin, height: height + 2 * margin };
  const target = new Uint8Array(framed.width * framed.height * 3).fill(GREY);
  for (let y = 0; y < height; y++)
    target.set(data.subarray(3 * y * width, 3 * (y + 1) * width), 3 * ((y + margin) * framed.width + margin));
  return { data: target, ...framed };
}
