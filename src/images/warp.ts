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
  const shifts = Float64Array.from({ length: samples }, (_, i) => (i + 0.5) / samples - 0.5);
  for (let v = 0, to = 0; v < size; v++)
    for (let u = 0; u < size; u++, to += 3) {
      let red = 0.5;
      let green = 0.5;
      let blue = 0.5;
      for (let sample = 0; sample < samples * samples; sample++) {
        const du = u + shifts[sample % samples];
        const dv = v + shifts[Math.floor(sample / samples)];
        const x = a * du + b * dv + x0;
        const y = c * du + d * dv + y0;
        const left = Math.floor(x);
        const top = Math.floor(y);
        if (left >= 0 && top >= 0 && left < width - 1 && top < height - 1) {
          const onLeft = share * (1 - (x - left));
          const onRight = share * (1 - (left + 1 - x));
          const above = 1 - (y - top);
          const below = 1 - (top + 1 - y);
          const first = 3 * (top * width + left);
          const second = first + 3 * width;
          const w0 = onLeft * above;
          const w1 = onRight * above;
          const w2 = onLeft * below;
          const w3 = onRight * below;
          red = red + w0 * data[first] + w1 * data[first + 3] + w2 * data[second] + w3 * data[second + 3];
          green = green + w0 * data[first + 1] + w1 * data[first + 4] + w2 * data[second + 1] + w3 * data[second + 4];
          blue = blue + w0 * data[first + 2] + w1 * data[first + 5] + w2 * data[second + 2] + w3 * data[second + 5];
          continue;
        }
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
