import { median } from '../core/statistics.js';
import { inSpace, type MatrixIn, type Space } from '../core/spaces.js';
import { blocksOf, copyOf, type Matrix, rowOf, scaleToUnit } from '../core/vectors.js';
import { gramMatrix, rowMap } from '../engine/row-products.js';
import { addRow } from './class-means.js';

/** A linear map x -> L^-1 (x - centre): after it, the images of one class vary alike in all directions. */
export interface Whitening {
  /** L with L L' = the within-class covariance, (D, D), lower triangle; its diagonal is inverted. */
  root: Float32Array;
  centre: Float64Array; // (D)
}

/** Rows that the spread is estimated on at most: 40 a dimension at 512 are plenty. */
const SAMPLE = 20_000;
/** Share of the spread that is taken as equal in all directions: a small set knows most of them badly. */
const SHRINKAGE = 0.3;

/**
 * Fits within-class covariance normalisation (Hatch et al. 2006): what varies from photograph to photograph, pose and light,
 * counts for less afterwards than what varies from person to person. Estimated on the set, every image by its weight.
 *
 * @param features (N, D) unit rows
 * @param weights (N), [0, 1], how clean each image is
 * @param centreWeights (N), how much each image counts for the centre
 */
export async function fitWhitening(
  features: MatrixIn<Exclude<Space, 'whitened'>>,
  labels: Int32Array,
  weights: Float64Array,
  identities: number,
  centreWeights: Float64Array = weights,
): Promise<Whitening> {
  const { dimensions } = features;
  const rows = evenRows(features.rows);
  const centre = weightedMean(features, rows, centreWeights);
  const spread = await withinSpread(features, rows, labels, weights, identities);
  const root = choleskyRoot(shrunk(spread, dimensions), dimensions);
  return { root, centre };
}

/** Rows that can be whitened: those of the space that the whitening was fitted in. */
type Unwhitened = MatrixIn<Exclude<Space, 'whitened'>>;

/**
 * Returns the whitened rows of `matrix` (M, D), of unit length, in new memory; `matrix` stays as it is.
 *
 * @param threads that compute it, which changes no result; all cores unless given
 */
export const whiten = (whitening: Whitening, matrix: Unwhitened, threads?: number): Promise<MatrixIn<'whitened'>> =>
  whitenInPlace(whitening, copyOf(matrix), threads);

/** Rows whitened at once. */
const AT_ONCE = 4096;

/**
 * Whitens the rows of `matrix` (M, D) where they lie: a second matrix of a million rows and 512 columns takes 2 GiB. The
 * argument must not be used afterwards. @returns the same memory, unit rows
 */
export async function whitenInPlace(
  { root, centre }: Whitening,
  matrix: Unwhitened,
  threads?: number,
): Promise<MatrixIn<'whitened'>> {
  const map = await rowMap(transposedInverse(root, matrix.dimensions), Float32Array.from(centre), threads);
  const chunk = AT_ONCE * matrix.dimensions;
  for (const array of blocksOf(matrix))
    for (let from = 0; from < array.length; from += chunk)
      // A copy: ONNX Runtime takes no memory that threads share.
      array.set(await map.run(Float32Array.from(array.subarray(from, from + chunk))), from);
  await map.dispose();
  return inSpace('whitened', scaleToUnit(matrix));
}

/**
 * Returns the weights, those of each class at most as much together as those of the middle class: a class of thousands would
 * otherwise be the centre itself, and have no direction from there.
 */
export function cappedByClass(labels: Int32Array, weights: Float64Array): Float64Array {
  const totals = new Map<number, number>();
  labels.forEach((label, i) => totals.set(label, (totals.get(label) ?? 0) + weights[i]));
  const middle = median([...totals.values()]);
  return weights.map((weight, i) => weight * Math.min(1, middle / totals.get(labels[i])!));
}

const evenRows = (rows: number): Int32Array => {
  const count = Math.min(rows, SAMPLE);
  return Int32Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count));
};

function weightedMean(features: Matrix, rows: Int32Array, weights: Float64Array): Float64Array {
  const sum = new Float64Array(features.dimensions);
  let total = 0;
  for (const row of rows) {
    total += weights[row];
    addRow(sum, 0, rowOf(features, row), weights[row]);
  }
  return sum.map((value) => value / total);
}

/** Weighted covariance of the rows about their identities' means, (D, D). */
function withinSpread(
  features: Matrix,
  rows: Int32Array,
  labels: Int32Array,
  weights: Float64Array,
  identities: number,
): Promise<Float64Array> {
  const { dimensions } = features;
  const sums = new Float64Array(identities * dimensions);
  const totals = new Float64Array(identities);
  for (const row of rows) {
    totals[labels[row]] += weights[row];
    addRow(sums, labels[row] * dimensions, rowOf(features, row), weights[row]);
  }
  const off = new Float32Array(rows.length * dimensions);
  rows.forEach((row, r) => {
    const [at, total, scale] = [labels[row] * dimensions, totals[labels[row]], Math.sqrt(weights[row])];
    const values = rowOf(features, row);
    for (let d = 0; d < dimensions; d++) off[r * dimensions + d] = scale * (values[d] - sums[at + d] / total);
  });
  return gramMatrix(off, dimensions);
}

/** The lower triangle with its diagonal pulled towards the mean of it; the scale does not matter. */
function shrunk(spread: Float64Array, dimensions: number): Float64Array {
  let trace = 0;
  for (let d = 0; d < dimensions; d++) trace += spread[d * dimensions + d];
  const level = trace / dimensions || 1;
  const result = spread.map((value) => (1 - SHRINKAGE) * value);
  for (let d = 0; d < dimensions; d++) result[d * dimensions + d] += SHRINKAGE * level;
  return result;
}

/** L of L L' = spread, (D, D), lower triangle; its diagonal is inverted, so that solving needs no division. */
function choleskyRoot(spread: Float64Array, dimensions: number): Float32Array {
  const root = Float64Array.from(spread);
  for (let i = 0; i < dimensions; i++)
    for (let j = 0; j <= i; j++) {
      let sum = root[i * dimensions + j];
      for (let k = 0; k < j; k++) sum -= root[i * dimensions + k] * root[j * dimensions + k];
      root[i * dimensions + j] = i === j ? Math.sqrt(sum) : sum / root[j * dimensions + j];
    }
  const solved = Float32Array.from(root);
  for (let d = 0; d < dimensions; d++) solved[d * dimensions + d] = 1 / solved[d * dimensions + d];
  return solved;
}

/** L^-1, transposed, (D, D): rows are multiplied by it from the right. */
function transposedInverse(root: Float32Array, dimensions: number): Float32Array {
  const inverse = new Float64Array(dimensions ** 2); // row j: column j of L^-1
  for (let j = 0; j < dimensions; j++) {
    const column = inverse.subarray(j * dimensions, (j + 1) * dimensions);
    column[j] = root[j * dimensions + j];
    for (let i = j + 1; i < dimensions; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= root[i * dimensions + k] * column[k];
      column[i] = sum * root[i * dimensions + i];
    }
  }
  return Float32Array.from(inverse);
}
