import { resample } from './resample.js';
import { encodeJpeg } from './encode.js';

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
  for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) target[y * side + x] = data[y * side + side - 1 - x];
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

/** Memory by length: {@link detailOf} is called for every picture that is compared, and new arrays would cost as much as it. */
const scratch = new Map<number, Float64Array>();

function scratchOf(length: number): Float64Array {
  const known = scratch.get(length);
  if (known) return known;
  const made = new Float64Array(length);
  scratch.set(length, made);
  return made;
}

/**
 * What is finer than `reach` pixels: the picture minus its mean over the square of that half-width, divided by the
 * deviation there. Light and contrast fall away, however they change across the picture. NaN stays NaN and counts for
 * nothing. @param floor grey levels that count as flat: noise is not enlarged
 */
export function detailOf({ data, side }: Grey, reach: number, floor: number): Grey {
  const wide = side + 1;
  const sums = scratchOf(3 * wide * wide); // integral images of known pixels, values and squares; their first row and column stay 0
  for (let y = 0, to = 3 * (wide + 1); y < side; y++, to += 3) {
    let [known, row, squares] = [0, 0, 0];
    for (let x = 0; x < side; x++, to += 3) {
      const value = data[y * side + x];
      if (value === value) {
        known++;
        row += value;
        squares += value * value;
      }
      const above = to - 3 * wide;
      sums[to] = sums[above] + known;
      sums[to + 1] = sums[above + 1] + row;
      sums[to + 2] = sums[above + 2] + squares;
    }
  }
  const target = new Float32Array(data.length);
  for (let y = 0; y < side; y++) {
    const top = 3 * wide * Math.max(0, y - reach);
    const bottom = 3 * wide * Math.min(side, y + reach + 1);
    for (let x = 0; x < side; x++) {
      const left = 3 * Math.max(0, x - reach);
      const right = 3 * Math.min(side, x + reach + 1);
      const box = (k: number): number =>
        sums[bottom + right + k] - sums[top + right + k] - sums[bottom + left + k] + sums[top + left + k];
      const mean = box(1) / box(0);
      const deviation = Math.sqrt(Math.max(0, box(2) / box(0) - mean * mean));
      target[y * side + x] = (data[y * side + x] - mean) / (deviation + floor);
    }
  }
  return { data: target, side };
}

/** Enough of a face for a JPEG of a few kilobytes. */
const QUALITY = 80;

/** JPEG bytes of a crop, (size, size, 3), no larger than `side` pixels a side. */
export function cropThumbnail(crop: Uint8Array, size: number, side: number): Promise<Buffer> {
  if (size <= side) return encodeJpeg({ data: crop, width: size, height: size }, QUALITY);
  const whole = { left: 0, top: 0, right: size, bottom: size };
  const data = resample({ data: crop, width: size, height: size }, whole, side, side);
  return encodeJpeg({ data, width: side, height: side }, QUALITY);
}
