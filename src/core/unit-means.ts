import { EPS, type Matrix, rowOf } from './vectors.js';

/** Unit mean of each group's rows of `vectors` (N, D), weighted if there are weights: (G, D). */
export function unitMeans(
  vectors: Matrix,
  groups: readonly (readonly number[])[],
  weightOf: (group: number, member: number) => number = () => 1,
): Matrix {
  const { dimensions } = vectors;
  const data = new Float32Array(groups.length * dimensions);
  const sum = new Float64Array(dimensions);
  groups.forEach((rows, group) => {
    sum.fill(0);
    rows.forEach((row, member) => {
      const weight = weightOf(group, member);
      const values = rowOf(vectors, row);
      for (let d = 0; d < dimensions; d++) sum[d] += weight * values[d];
    });
    const length = Math.max(Math.hypot(...sum), EPS);
    data.set(
      sum.map((value) => value / length),
      group * dimensions,
    );
  });
  return { data, rows: groups.length, dimensions };
}
