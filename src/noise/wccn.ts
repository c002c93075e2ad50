import { median } from '../core/statistics.js';
import { inSpace, type MatrixIn, type Space } from '../core/spaces.js';
import { dotAt, type Matrix, scaleToUnit } from '../core/vectors.js';

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
export function fitWhitening(
  features: MatrixIn<Exclude<Space, 'whitened'>>,
  labels: Int32Array,
  weights: Float64Array,
  identities: number,
  centreWeights: Float64Array = weights,
): Whitening {
  const { dimensions } = features;
  const rows = evenRows(features.rows);
  const centre = weightedMean(features, rows, centreWeights);
  const spread = withinSpread(features, rows, labels, weights, identities);
  const root = choleskyRoot(shrunk(spread, dimensions), dimensions);
  return { root, centre };
}

/** Rows that can be whitened: those of the space that the whitening was fitted in. */
type Unwhitened = MatrixIn<Exclude<Space, 'whitened'>>;

/** Returns the whitened rows of `matrix` (M, D), of unit length, in new memory; `matrix` stays as it is. */
export const whiten = (whitening: Whitening, matrix: Unwhitened): MatrixIn<'whitened'> =>
  whitenInPlace(whitening, { ...matrix, data: matrix.data.slice() });

/**
 * Whitens the rows of `matrix` (M, D) where they lie: a second matrix of a million rows and 512 columns takes 2 GiB. The
 * argument must not be used afterwards. @returns the same memory, unit rows
 */
export function whitenInPlace({ root, centre }: Whitening, matrix: Unwhitened): MatrixIn<'whitened'> {
  for (let r = 0; r < matrix.rows; r++) solveRow(root, centre, matrix, r);
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

function weightedMean({ data, dimensions }: Matrix, rows: Int32Array, weights: Float64Array): Float64Array {
  const sum = new Float64Array(dimensions);
  let total = 0;
  for (const row of rows) {
    total += weights[row];
    for (let d = 0; d < dimensions; d++) sum[d] += weights[row] * data[row * dimensions + d];
  }
  return sum.map((value) => value / total);
}

/** Weighted covariance of the rows about their identities' means, (D, D). */
function withinSpread(
  { data, dimensions }: Matrix,
  rows: Int32Array,
  labels: Int32Array,
  weights: Float64Array,
  identities: number,
): Float64Array {
  const sums = new Float64Array(identities * dimensions);
  const totals = new Float64Array(identities);
  for (const row of rows) {
    totals[labels[row]] += weights[row];
    for (let d = 0; d < dimensions; d++)
      sums[labels[row] * dimensions + d] += weights[row] * data[row * dimensions + d];
  }
  const spread = new Float64Array(dimensions * dimensions);
  const off = new Float64Array(dimensions);
  for (const row of rows) {
    const [at, total] = [labels[row] * dimensions, totals[labels[row]]];
    for (let d = 0; d < dimensions; d++) off[d] = data[row * dimensions + d] - sums[at + d] / total;
    for (let i = 0; i < dimensions; i++) {
      const scaled = weights[row] * off[i];
      for (let j = 0; j <= i; j++) spread[i * dimensions + j] += scaled * off[j];
    }
  }
  return spread;
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

/** Row r becomes L^-1 (row - centre), by forward substitution. */
function solveRow(root: Float32Array, centre: Float64Array, { data, dimensions }: Matrix, r: number): void {
  const at = r * dimensions;
  for (let i = 0; i < dimensions; i++) {
    const rest = data[at + i] - centre[i] - dotAt(root, i * dimensions, data, at, i);
    data[at + i] = rest * root[i * dimensions + i];
  }
}
