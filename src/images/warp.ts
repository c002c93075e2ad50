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

/** The map that stretches a rectangle of the source, edge to edge, over (width, height) output pixels. */
export function stretch(
  { left, top, right, bottom }: { left: number; top: number; right: number; bottom: number },
  width: number,
  height: number,
): Affine {
  const [a, d] = [(right - left) / width, (bottom - top) / height];
  return { a, b: 0, x0: left + a / 2 - 0.5, c: 0, d, y0: top + d / 2 - 0.5 };
}

/**
 * Draws `image` through `toSource`: bilinear, averaged over as many samples a pixel as the source is finer, black
 * beyond the edges. @returns (height, width, 3)
 */
export function warp(image: RgbImage, toSource: Affine, width: number, height: number): Uint8Array {
  const { a, b, x0, c, d, y0 } = toSource;
  const samples = Math.max(1, Math.round(Math.max(Math.hypot(a, c), Math.hypot(b, d))));
  const target = new Uint8Array(width * height * 3);
  const sum = new Float64Array(3);
  for (let v = 0, at = 0; v < height; v++)
    for (let u = 0; u < width; u++, at += 3) {
      sum.fill(0);
      for (let j = 0; j < samples; j++)
        for (let i = 0; i < samples; i++) {
          const du = u + (i + 0.5) / samples - 0.5;
          const dv = v + (j + 0.5) / samples - 0.5;
          addSample(image, a * du + b * dv + x0, c * du + d * dv + y0, sum);
        }
      const share = 1 / (samples * samples);
      target[at] = sum[0] * share + 0.5;
      target[at + 1] = sum[1] * share + 0.5;
      target[at + 2] = sum[2] * share + 0.5;
    }
  return target;
}

/** Adds the bilinear mix of the four pixels round (x, y) to `sum`; those outside count as black. */
function addSample({ data, width, height }: RgbImage, x: number, y: number, sum: Float64Array): void {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  if (left < -1 || top < -1 || left >= width || top >= height) return;
  const [right, lower] = [x - left, y - top];
  for (let j = 0; j < 2; j++) {
    const row = top + j;
    if (row < 0 || row >= height) continue;
    const rowShare = j === 0 ? 1 - lower : lower;
    for (let i = 0; i < 2; i++) {
      const column = left + i;
      if (column < 0 || column >= width) continue;
      const share = rowShare * (i === 0 ? 1 - right : right);
      const at = 3 * (row * width + column);
      sum[0] += share * data[at];
      sum[1] += share * data[at + 1];
      sum[2] += share * data[at + 2];
    }
  }
}
