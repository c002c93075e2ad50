import type { RgbImage } from './encode.js';

/** Weights are whole numbers of this, as OpenCV's are. */
const BITS = 11;
const ONE = 1 << BITS;

/** Which two source pixels each output pixel lies between, and how near the second is. */
interface Between {
  first: Int32Array;
  second: Int32Array;
  /** Of the second pixel; the first has the rest of {@link ONE}. */
  weight: Int32Array;
}

/**
 * Scales an image to (height, width, 3): bilinear between two pixels a side and no more, so that a much larger image
 * loses detail. In whole numbers as OpenCV's `resize` computes it, for networks that are published with it.
 */
export function resizeLinear({ data, width, height }: RgbImage, columns: number, rows: number): Uint8Array {
  const across = between(width, columns);
  const down = between(height, rows);
  const target = new Uint8Array(rows * columns * 3);
  for (let y = 0, to = 0; y < rows; y++) {
    const [upper, lower] = [down.first[y] * width, down.second[y] * width];
    const weight = down.weight[y];
    for (let x = 0; x < columns; x++) {
      const [left, right, nearer] = [across.first[x], across.second[x], across.weight[x]];
      for (let channel = 0; channel < 3; channel++, to++) {
        const above = mix(data[3 * (upper + left) + channel], data[3 * (upper + right) + channel], nearer);
        const below = mix(data[3 * (lower + left) + channel], data[3 * (lower + right) + channel], nearer);
        target[to] = ((((ONE - weight) * above) >> 16) + ((weight * below) >> 16) + 2) >> 2;
      }
    }
  }
  return target;
}

/** Times 2^7. */
const mix = (a: number, b: number, weight: number): number => (a * (ONE - weight) + b * weight) >> 4;

function between(length: number, count: number): Between {
  const places = { first: new Int32Array(count), second: new Int32Array(count), weight: new Int32Array(count) };
  for (let i = 0; i < count; i++) {
    const place = Math.fround((i + 0.5) * (length / count) - 0.5);
    const first = Math.floor(place);
    places.first[i] = Math.max(0, first);
    places.second[i] = Math.min(length - 1, first + 1);
    places.weight[i] = roundHalfToEven((place - first) * ONE);
  }
  return places;
}

function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  return value - below === 0.5 ? below + (below % 2) : Math.round(value);
}
