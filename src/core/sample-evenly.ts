import { type Matrix, rowOf } from './vectors.js';

/**
 * At most `most` of `rows`, evenly over the values of the first coordinate: the same sample in whatever order they come.
 */
export function spreadEvenly(matrix: Matrix, rows: readonly number[], most: number): readonly number[] {
  if (rows.length <= most) return rows;
  const sorted = [...rows].sort((a, b) => rowOf(matrix, a)[0] - rowOf(matrix, b)[0]);
  return Array.from({ length: most }, (_, i) => sorted[Math.floor(((i + 0.5) * sorted.length) / most)]);
}

/** At most `most` of `items`, evenly spread, the first and the last among them. */
export function spread<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / Math.max(1, most - 1))]);
}
