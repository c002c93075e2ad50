import { resample } from './resample.js';

/** Square grey picture, (side, side), 0..255. */
export interface Grey {
  data: Float32Array;
  side: number;
}

/** Grey picture of a crop (size, size, 3), reduced or enlarged to `side`. */
export function greyOf(crop: Uint8Array, size: number, side: number): Grey {
  const whole = { left: 0, top: 0, right: size, bottom: size };
  const small = size === side ? crop : resample({ data: crop, width: size, height: size }, whole, side, side);
  const data = new Float32Array(side * side);
  for (let i = 0, p = 0; i < data.length; i++, p += 3)
    data[i] = 0.299 * small[p] + 0.587 * small[p + 1] + 0.114 * small[p + 2];
  return { data, side };
}

/** The picture seen in a mirror. */
export function mirrored({ data, side }: Grey): Grey {
  const target = new Float32Array(data.length);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) target[y * side + x] = data[y * side + side - 1 - x];
  return { data: target, side };
}

/** Half the side, four pixels averaged to one. */
export function halved({ data, side }: Grey): Grey {
  const half = side >> 1;
  const target = new Float32Array(half * half);
  for (let y = 0; y < half; y++)
    for (let x = 0; x < half; x++) {
      const at = 2 * y * side + 2 * x;
      target[y * half + x] = (data[at] + data[at + 1] + data[at + side] + data[at + side + 1]) / 4;
    }
  return { data: target, side: half };
}

/**
 * What is finer than `reach` pixels: the picture minus its mean over the square of that half-width, divided by the
 * deviation there. Light and contrast fall away, however they change across the picture. @param floor grey levels that
 * count as flat: noise is not enlarged
 */
export function detailOf({ data, side }: Grey, reach: number, floor: number): Grey {
  const sums = integralOf(data, side, (value) => value);
  const squares = integralOf(data, side, (value) => value * value);
  const target = new Float32Array(data.length);
  for (let y = 0; y < side; y++) {
    const [top, bottom] = [Math.max(0, y - reach), Math.min(side, y + reach + 1)];
    for (let x = 0; x < side; x++) {
      const [left, right] = [Math.max(0, x - reach), Math.min(side, x + reach + 1)];
      const count = (bottom - top) * (right - left);
      const mean = boxSum(sums, side, left, top, right, bottom) / count;
      const square = boxSum(squares, side, left, top, right, bottom) / count;
      target[y * side + x] = (data[y * side + x] - mean) / (Math.sqrt(Math.max(0, square - mean * mean)) + floor);
    }
  }
  return { data: target, side };
}

function integralOf(data: Float32Array, side: number, of: (value: number) => number): Float64Array {
  const wide = side + 1;
  const sums = new Float64Array(wide * wide);
  for (let y = 0; y < side; y++)
    for (let x = 0, row = 0; x < side; x++) {
      row += of(data[y * side + x]);
      sums[(y + 1) * wide + x + 1] = sums[y * wide + x + 1] + row;
    }
  return sums;
}

function boxSum(sums: Float64Array, side: number, left: number, top: number, right: number, bottom: number): number {
  const wide = side + 1;
  return sums[bottom * wide + right] - sums[top * wide + right] - sums[bottom * wide + left] + sums[top * wide + left];
}
