import type { RgbImage } from './encode.js';

/** Where an output pixel (u, v) lies in the source: x = a u + b v + x0, y = c u + d v + y0. Pixel centres are whole. */
export interface Affine {
  a: number;
  b: number;
  x0: number;
  c: number;
  d: number;
  y0: number;
}

/** `averaged` takes as many samples a pixel as the source is finer; `plain` takes one, as OpenCV's warpAffine does. */
export type Sampling = 'averaged' | 'plain';

/** Draws `image` through `toSource`: bilinear, black beyond the edges. @returns (size, size, 3) */
export function warp(
  { data, width, height }: RgbImage,
  toSource: Affine,
  size: number,
  sampling: Sampling = 'averaged',
): Uint8Array {
  const { a, b, x0, c, d, y0 } = toSource;
  const samples = sampling === 'plain' ? 1 : Math.max(1, Math.round(Math.hypot(a, c)));
  const share = 1 / (samples * samples);
  const target = new Uint8Array(size * size * 3);
  for (let v = 0, to = 0; v < size; v++)
    for (let u = 0; u < size; u++, to += 3) {
      let red = 0.5;
      let green = 0.5;
      let blue = 0.5;
      for (let sample = 0; sample < samples * samples; sample++) {
        const du = u + ((sample % samples) + 0.5) / samples - 0.5;
        const dv = v + (Math.floor(sample / samples) + 0.5) / samples - 0.5;
        const x = a * du + b * dv + x0;
        const y = c * du + d * dv + y0;
        const left = Math.floor(x);
        const top = Math.floor(y);
        for (let corner = 0; corner < 4; corner++) {
          const column = left + (corner & 1);
          const row = top + (corner >> 1);
          if (column < 0 || row < 0 || column >= width || row >= height) continue;
          const weight = share * (1 - Math.abs(x - column)) * (1 - Math.abs(y - row));
          const at = 3 * (row * width + column);
          red += weight * data[at];
          green += weight * data[at + 1];
          blue += weight * data[at + 2];
        }
      }
      target[to] = red;
      target[to + 1] = green;
      target[to + 2] = blue;
    }
  return target;
}
