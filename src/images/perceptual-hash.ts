const GRID = 9;

/**
 * Difference hash: the square crop averaged to 9 x 8 cells, one bit a pair of horizontal neighbours.
 * @param crop (size, size, 3) @returns 16 hexadecimal digits, 64 bits
 */
export function differenceHash(crop: Uint8Array, size: number): string {
  const cells = averageCells(crop, size);
  let bits = 0n;
  for (let y = 0; y < GRID - 1; y++)
    for (let x = 0; x < GRID - 1; x++) bits = (bits << 1n) | (cells[y * GRID + x] > cells[y * GRID + x + 1] ? 1n : 0n);
  return bits.toString(16).padStart(16, '0');
}

/** Mean grey value of each cell, (8, 9). */
function averageCells(crop: Uint8Array, size: number): Float64Array {
  const rows = GRID - 1;
  const sums = new Float64Array(rows * GRID);
  const counts = new Float64Array(rows * GRID);
  for (let y = 0; y < size; y++) {
    const row = Math.floor((y * rows) / size);
    for (let x = 0; x < size; x++) {
      const cell = row * GRID + Math.floor((x * GRID) / size);
      const p = 3 * (y * size + x);
      sums[cell] += 0.299 * crop[p] + 0.587 * crop[p + 1] + 0.114 * crop[p + 2];
      counts[cell]++;
    }
  }
  return sums.map((sum, i) => sum / counts[i]);
}

/** Number of bits in which two hashes differ, 0..64. */
export function hashDistance(a: string, b: string): number {
  let different = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  let bits = 0;
  while (different > 0n) {
    bits += Number(different & 1n);
    different >>= 1n;
  }
  return bits;
}
