import type { Random } from '../../core/random.js';
import type { RgbImage } from '../../images/encode.js';
import type { Colour } from './person.js';

/** How much of a pixel lies inside a shape, [0, 1]; `distance` < 0 inside, `soft` the width of the edge. */
export const cover = (distance: number, soft = 0.025): number => Math.min(1, Math.max(0, 0.5 - distance / (2 * soft)));

/** About the distance to an ellipse around (cx, cy). */
export const ellipse = (u: number, v: number, cx: number, cy: number, rx: number, ry: number): number =>
  (Math.hypot((u - cx) / rx, (v - cy) / ry) - 1) * Math.min(rx, ry);

/** Lays `colour` over `pixel` in place. @param share 0 leaves it, 1 hides it */
export function lay(pixel: number[], colour: Colour, share: number): void {
  for (let c = 0; c < 3; c++) pixel[c] += share * (colour[c] - pixel[c]);
}

/** A square image whose pixel at (u, v), each in -1..1, is what `shade` returns. */
export function paint(side: number, shade: (u: number, v: number) => readonly number[]): RgbImage {
  const data = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const pixel = shade((2 * x + 1) / side - 1, (2 * y + 1) / side - 1);
      for (let c = 0; c < 3; c++) data[3 * (y * side + x) + c] = clampByte(pixel[c]);
    }
  return { data, width: side, height: side };
}

const clampByte = (value: number): number => Math.min(255, Math.max(0, Math.round(value)));

/** Box blur of the given radius in pixels, then sensor noise of the given deviation. */
export function degrade(image: RgbImage, radius: number, noise: number, random: Random): RgbImage {
  const blurred = radius > 0 ? blurRows(blurRows(image, radius, 1, image.width), radius, image.width, 1) : image;
  const data = blurred.data.map((value) => clampByte(value + noise * random.normal()));
  return { ...image, data };
}

/** Mean over 2*radius + 1 pixels along one direction; `step` and `across` are in pixels. */
function blurRows(image: RgbImage, radius: number, step: number, across: number): RgbImage {
  const side = image.width;
  const data = new Uint8Array(image.data.length);
  for (let line = 0; line < side; line++)
    for (let i = 0; i < side; i++)
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let j = -radius; j <= radius; j++)
          sum += image.data[3 * (line * across + Math.min(side - 1, Math.max(0, i + j)) * step) + c];
        data[3 * (line * across + i * step) + c] = sum / (2 * radius + 1);
      }
  return { ...image, data };
}
