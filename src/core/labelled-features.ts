import { FacesieveError } from './errors.js';
import { type Blocks, copyOf, type Matrix, rowLengths, rowOf, scaleToUnit, zeroRows } from './vectors.js';

/** Features or labels that cannot be used: of unequal counts, not finite, or without a direction. */
export class FeatureError extends FacesieveError {}

/** Features (N, D) as a caller has them: one array of all rows, blocks of rows, or an array of rows. */
export type Features = { data: Float32Array; dimensions: number } | Blocks | readonly ArrayLike<number>[];

/** The identity of each image (N): its name, or its number with the names in `identities`. */
export type Labels = readonly string[] | Int32Array;

/** Lengths that count as one: what float32 leaves of a row that was brought to unit length. */
const UNIT_TOLERANCE = 1e-3;

/** Features as unit rows, and the lengths of the rows before; null where the rows came with unit length. */
export interface UnitFeatures {
  matrix: Matrix;
  lengths: Float32Array | null;
}

/**
 * Returns `features` as unit rows (N, D). Rows that have unit length stay in the memory they lie in, all others are copied.
 *
 * @throws FeatureError if there is no row, rows differ in length, a number is not finite, or a row is all zeros
 */
export function unitFeatures(features: Features): UnitFeatures {
  const matrix = matrixOf(features);
  if (matrix.rows === 0 || matrix.dimensions === 0)
    throw new FeatureError(`There are no features: the matrix is ${matrix.rows} x ${matrix.dimensions}.`);
  const lengths = rowLengths(matrix);
  lengths.forEach((length, row) => {
    if (!Number.isFinite(length))
      throw new FeatureError(`Row ${row} of the features holds a number that is not finite.`, [
        'Leave that image out, or embed it again.',
      ]);
    if (length === 0)
      throw new FeatureError(`Row ${row} of the features is all zeros: it has no direction to compare.`, [
        'Leave that image out, or embed it again.',
      ]);
  });
  if (lengths.every((length) => Math.abs(length - 1) <= UNIT_TOLERANCE)) return { matrix, lengths: null };
  return { matrix: scaleToUnit(copyOf(matrix)), lengths };
}

function matrixOf(features: Features): Matrix {
  if ('blocks' in features) return features;
  if ('data' in features) {
    const { data, dimensions } = features;
    if (!Number.isInteger(dimensions) || dimensions < 1 || data.length % dimensions !== 0)
      throw new FeatureError(`${data.length} numbers are no whole number of rows of ${dimensions}.`);
    return { data, rows: data.length / dimensions, dimensions };
  }
  const dimensions = features.length === 0 ? 0 : features[0].length;
  const matrix = zeroRows(features.length, dimensions);
  features.forEach((row, r) => {
    if (row.length !== dimensions)
      throw new FeatureError(`Row ${r} of the features has ${row.length} numbers, the first row has ${dimensions}.`);
    rowOf(matrix, r).set(row);
  });
  return matrix;
}

/** The class of each image, (N), 0 to C - 1, and the name of each class, (C). */
export interface NamedLabels {
  labels: Int32Array;
  identities: readonly string[];
}

/**
 * Returns labels as class numbers. Names are numbered in sorted order; numbers keep theirs.
 *
 * @param images number of images, N
 * @param identities (C), required where `labels` are numbers
 * @throws FeatureError if there is not one label per image, a name is empty, or a number has no name
 */
export function namedLabels(labels: Labels, images: number, identities?: readonly string[]): NamedLabels {
  if (labels.length !== images)
    throw new FeatureError(`There are ${images} rows of features and ${labels.length} labels.`, [
      'Give one label per row, in the same order.',
    ]);
  if (labels instanceof Int32Array) return { labels, identities: namesOf(labels, identities) };
  const empty = labels.findIndex((name) => name === '');
  if (empty >= 0) throw new FeatureError(`Label ${empty} is empty.`);
  const names = [...new Set(labels)].sort();
  const labelOf = new Map(names.map((name, label) => [name, label]));
  return { labels: Int32Array.from(labels, (name) => labelOf.get(name)!), identities: names };
}

function namesOf(labels: Int32Array, identities: readonly string[] = []): readonly string[] {
  labels.forEach((label, i) => {
    if (label < 0 || label >= identities.length)
      throw new FeatureError(`Label ${i} is ${label}, and there are ${identities.length} identities.`, [
        'Give `identities`, the name of each class.',
      ]);
  });
  return identities;
}

/** @throws FeatureError if `values` is given and does not have one entry per image, or per one of `what` */
export function requireOnePerImage(
  name: string,
  values: { readonly length: number } | undefined,
  images: number,
  what = 'images',
): void {
  if (values === undefined || values.length === images) return;
  throw new FeatureError(`"${name}" has ${values.length} entries, and there are ${images} ${what}.`);
}
