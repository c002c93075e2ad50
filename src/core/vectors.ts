import { FormatError } from './errors.js';

/** The smallest length a vector is divided by: keeps zero vectors at zero instead of NaN. */
export const EPS = 1e-12;

/** Rows of equal length in one array, row r at [r*dimensions, (r+1)*dimensions). */
export interface Block {
  data: Float32Array;
  rows: number;
  dimensions: number;
}

/** Rows of equal length in several arrays of `rowsPerBlock` rows, but for the last: no array can hold more than 2^32 numbers. */
export interface Blocks {
  blocks: readonly Float32Array[];
  rowsPerBlock: number;
  rows: number;
  dimensions: number;
}

/** Rows of equal length: what may have as many as there are images. Take them by `rowOf`, `dotRows` and `rowRange`. */
export type Matrix = Block | Blocks;

/** Numbers in one block; tests lower it. */
export const blockLimit = { numbers: 2 ** 28 };

/** Rows of `dimensions` numbers that one block holds. */
export const rowsPerBlock = (dimensions: number): number => Math.max(1, Math.floor(blockLimit.numbers / dimensions));

/** Zeros, (rows, dimensions), in as many blocks as they need. @param allocate memory for so many numbers */
export function zeroRows(
  rows: number,
  dimensions: number,
  allocate: (numbers: number) => Float32Array = (numbers) => new Float32Array(numbers),
): Matrix {
  const most = rowsPerBlock(dimensions);
  if (rows <= most) return { data: allocate(rows * dimensions), rows, dimensions };
  const blocks = Array.from({ length: Math.ceil(rows / most) }, (_, b) =>
    allocate(Math.min(most, rows - b * most) * dimensions),
  );
  return { blocks, rowsPerBlock: most, rows, dimensions };
}

/** The arrays that rows lie in, in their order. */
export const blocksOf = (matrix: Matrix): readonly Float32Array[] => ('data' in matrix ? [matrix.data] : matrix.blocks);

/** The array that a row lies in. */
const arrayOf = (matrix: Matrix, row: number): Float32Array =>
  'data' in matrix ? matrix.data : matrix.blocks[Math.floor(row / matrix.rowsPerBlock)];

/** Where in {@link arrayOf} it begins. */
const startOf = (matrix: Matrix, row: number): number =>
  matrix.dimensions * ('data' in matrix ? row : row % matrix.rowsPerBlock);

/** A row, where it lies. */
export function rowOf(matrix: Matrix, row: number): Float32Array {
  const start = startOf(matrix, row);
  return arrayOf(matrix, row).subarray(start, start + matrix.dimensions);
}

/** Rows from `from` to before `to`, one after another; where they lie if they lie in one array, else copied. */
export function rowRange(matrix: Matrix, from: number, to: number): Float32Array {
  const length = (to - from) * matrix.dimensions;
  const [array, start] = [arrayOf(matrix, from), startOf(matrix, from)];
  if (start + length <= array.length) return array.subarray(start, start + length);
  const copy = new Float32Array(length);
  for (let row = from; row < to; row++) copy.set(rowOf(matrix, row), (row - from) * matrix.dimensions);
  return copy;
}

/** Inner product of row `i` of `a` and row `j` of `b`. */
export const dotRows = (a: Matrix, i: number, b: Matrix, j: number): number =>
  dotAt(arrayOf(a, i), startOf(a, i), arrayOf(b, j), startOf(b, j), a.dimensions);

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
  Float32Array.from({ length: matrix.rows }, (_, r) => Math.sqrt(dotRows(matrix, r, matrix, r)));

/** Copy of `matrix` (N, D) with every row at unit length; zero rows stay zero. */
export const unitRows = <M extends Matrix>(matrix: M): M => scaleToUnit(copyOf(matrix));

/** `matrix` in memory of its own. */
export const copyOf = <M extends Matrix>(matrix: M): M => withArrays(matrix, (array) => array.slice());

/** `matrix` with other arrays in the place of each of its own. */
const withArrays = <M extends Matrix>(matrix: M, change: (array: Float32Array) => Float32Array): M =>
  'data' in matrix
    ? { ...matrix, data: change(matrix.data) }
    : { ...matrix, blocks: (matrix as Blocks).blocks.map(change) };

/** Brings every row of `matrix` (N, D) to unit length in place, for matrices too large to have twice. */
export function scaleToUnit<M extends Matrix>(matrix: M): M {
  for (let r = 0; r < matrix.rows; r++) {
    const row = rowOf(matrix, r);
    const scale = 1 / Math.max(Math.sqrt(dot(row, row)), EPS);
    for (let d = 0; d < matrix.dimensions; d++) row[d] *= scale;
  }
  return matrix;
}

/** Numbers in memory that threads share. */
export const sharedNumbers = (numbers: number): Float32Array => new Float32Array(new SharedArrayBuffer(4 * numbers));

/** `matrix` in memory that threads share; copied only when it is not there already. */
export const shared = <M extends Matrix>(matrix: M): M =>
  withArrays(matrix, (array) => {
    if (array.buffer instanceof SharedArrayBuffer) return array;
    const copy = sharedNumbers(array.length);
    copy.set(array);
    return copy;
  });

/** Rows `indices` of `matrix` in that order: copied, unless they are all its rows as they lie. */
export const takeRows = (matrix: Matrix, indices: ArrayLike<number>): Matrix =>
  isEveryRow(matrix, indices) ? matrix : copyRows(matrix, indices);

/** Rows `indices` of `matrix` in that order, in memory of their own. */
export function copyRows(matrix: Matrix, indices: ArrayLike<number>): Matrix {
  return filled(zeroRows(indices.length, matrix.dimensions), matrix, indices);
}

/** Rows `indices` of `matrix` in that order, few enough for one array. */
export function copyBlock(matrix: Matrix, indices: ArrayLike<number>): Block {
  const { dimensions } = matrix;
  const data = new Float32Array(indices.length * dimensions);
  return filled({ data, rows: indices.length, dimensions }, matrix, indices);
}

function filled<M extends Matrix>(rows: M, matrix: Matrix, indices: ArrayLike<number>): M {
  for (let r = 0; r < indices.length; r++) rowOf(rows, r).set(rowOf(matrix, indices[r]));
  return rows;
}

function isEveryRow({ rows }: Matrix, indices: ArrayLike<number>): boolean {
  if (indices.length !== rows) return false;
  for (let r = 0; r < rows; r++) if (indices[r] !== r) return false;
  return true;
}

/**
 * Lets numbers in that can be computed with.
 * @param what names them in the error, for example `the embeddings of run 1`
 * @param columns numbers per row: the error names the first row @param before rows that come before these
 * @throws FormatError when one is NaN or infinite
 */
export function assertFinite(data: Float32Array, what: string, columns: number, before = 0): void {
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(data[i]))
      throw new FormatError(
        `${what}: row ${before + Math.floor(i / columns)} holds a number that is not finite (${data[i]}).`,
        [
          'A network whose weights are damaged, or a run that diverged, gives such numbers: train again, or use another --backbone.',
        ],
      );
}

/** The same of a matrix (N, D). @throws FormatError */
export function assertFiniteRows(matrix: Matrix, what: string): void {
  let before = 0;
  for (const array of blocksOf(matrix)) {
    assertFinite(array, what, matrix.dimensions, before);
    before += array.length / matrix.dimensions;
  }
}
