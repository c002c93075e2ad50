import type { RgbImage } from './encode.js';

const GRID = 9;

/**
 * Difference hash: the image averaged to 9 x 8 cells, one bit a pair of horizontal neighbours.
 * @returns 16 hexadecimal digits, 64 bits
 */
export function differenceHash(image: RgbImage): string {
  const cells = averageCells(image);
  let bits = 0n;
  for (let y = 0; y < GRID - 1; y++)
    for (let x = 0; x < GRID - 1; x++) bits = (bits << 1n) | (cells[y * GRID + x] > cells[y * GRID + x + 1] ? 1n : 0n);
  return bits.toString(16).padStart(16, '0');
}

/** Rows and columns a cell is looked at in, about: more change nothing. */
const SAMPLES = 8;

/** Mean grey value of each cell, (8, 9). */
function averageCells({ data, width, height }: RgbImage): Float64Array {
  const rows = GRID - 1;
  const sums = new Float64Array(rows * GRID);
  const counts = new Float64Array(rows * GRID);
  const step = Math.max(1, Math.floor(Math.min(width, height) / (SAMPLES * GRID)));
  for (let y = 0; y < height; y += step) {
    const row = Math.floor((y * rows) / height) * GRID;
    for (let cell = 0, x = 0, p = 3 * y * width; cell < GRID; cell++) {
      const end = Math.ceil(((cell + 1) * width) / GRID);
      let sum = sums[row + cell];
      for (; x < end; x += step, p += 3 * step) {
        sum += 0.299 * data[p] + 0.587 * data[p + 1] + 0.114 * data[p + 2];
        counts[row + cell]++;
      }
      sums[row + cell] = sum;
    }
  }
  return sums.map((sum, i) => (counts[i] === 0 ? 0 : sum / counts[i]));
}
