import { FormatError } from './errors.js';

/** The smallest length a vector is divided by: keeps zero vectors at zero instead of NaN. */
export const EPS = 1e-12;

/** Rows of equal length in one array, row r at [r*dimensions, (r+1)*dimensions). */
export interface Matrix {
  data: Float32Array;
  rows: number;
  dimensions: number;
}

export const rowOf = (matrix: Matrix, row: number): Float32Array =>
  matrix.data.subarray(row * matrix.dimensions, (row + 1) * matrix.dimensions);

/** Inner product of a's row at offset `i` and b's row at offset `j`, `dimensions` long. */
export function dotAt(a: Float32Array, i: number, b: Float32Array, j: number, dimensions: number): number {
  // Four sums break the dependency chain: about twice as fast as one under V8.
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let d = 0;
  for (; d + 3 < dimensions; d += 4) {
    s0 += a[i + d] * b[j + d];
    s1 += a[i + d + 1] * b[j + d + 1];
    s2 += a[i + d + 2] * b[j + d + 2];
    s3 += a[i + d + 3] * b[j + d + 3];
  }
  for (; d < dimensions; d++) s0 += a[i + d] * b[j + d];
  return s0 + s1 + s2 + s3;
}

export const dot = (a: Float32Array, b: Float32Array): number => dotAt(a, 0, b, 0, a.length);

/** Length of every row, (N). */
export const rowLengths = (matrix: Matrix): Float32Array =>
  Float32Array.from({ length: matrix.rows }, (_, r) => Math.sqrt(dot(rowOf(matrix, r), rowOf(matrix, r))));

/** Copy of `matrix` (N, D) with every row at unit length; zero rows stay zero. */
export const unitRows = (matrix: Matrix): Matrix => scaleToUnit({ ...matrix, data: matrix.data.slice() });

/** Brings every row of `matrix` (N, D) to unit length in place, for matrices too large to have twice. */
export function scaleToUnit(matrix: Matrix): Matrix {
  for (let r = 0; r < matrix.rows; r++) {
    const row = rowOf(matrix, r);
    const scale = 1 / Math.max(Math.sqrt(dot(row, row)), EPS);
    for (let d = 0; d < matrix.dimensions; d++) row[d] *= scale;
  }
  return matrix;
}

/** `matrix` in memory that threads share; copied only when it is not there already. */
export function shared(matrix: Matrix): Matrix {
  if (matrix.data.buffer instanceof SharedArrayBuffer) return matrix;
  const data = new Float32Array(new SharedArrayBuffer(matrix.data.byteLength));
  data.set(matrix.data);
  return { ...matrix, data };
}

/** Rows `indices` of `matrix` in that order: copied, unless they are all its rows as they lie. */
export function takeRows<M extends Matrix>(matrix: M, indices: ArrayLike<number>): M {
  return isEveryRow(matrix, indices) ? matrix : copyRows(matrix, indices);
}

/** Rows `indices` of `matrix` in that order, in memory of their own. */
export function copyRows<M extends Matrix>(matrix: M, indices: ArrayLike<number>): M {
  const data = new Float32Array(indices.length * matrix.dimensions);
  for (let r = 0; r < indices.length; r++) data.set(rowOf(matrix, indices[r]), r * matrix.dimensions);
  return { ...matrix, data, rows: indices.length };
}

function isEveryRow({ rows }: Matrix, indices: ArrayLike<number>): boolean {
  if (indices.length !== rows) return false;
  for (let r = 0; r < rows; r++) if (indices[r] !== r) return false;
  return true;
}

/**
 * Lets numbers in that can be computed with.
 * @param what names them in the error, for example `the embeddings of run 1`
 * @param columns numbers per row: the error names the first row @throws FormatError when one is NaN or infinite
 */
export function assertFinite(data: Float32Array, what: string, columns: number): void {
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(data[i]))
      throw new FormatError(`${what}: row ${Math.floor(i / columns)} holds a number that is not finite (${data[i]}).`, [
        'A network whose weights are damaged, or a run that diverged, gives such numbers: train again, or use another --backbone.',
      ]);
}
