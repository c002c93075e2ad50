import { inSpace, type MatrixIn, type Space } from '../core/spaces.js';
import { EPS, rowOf } from '../core/vectors.js';
import { membersOf } from '../core/groups.js';

/** Mean of each class, and how near each image is to the mean of the others of its class; all in the space S. */
export interface ClassMeans<S extends Space> {
  /** Cosine to the leave-one-out mean of the own class, (N); NaN for the only photograph of a class. Higher is cleaner. */
  ownClassCosine: Float64Array;
  /** Weighted mean of each class, (C, D), unit rows; a row of zeros where there is none. */
  means: MatrixIn<S>;
}

/**
 * Compares every image with the weighted mean of the others of its class. The image and its copies are left out, or noise
 * would confirm itself; a photograph counts once however many copies it has.
 *
 * @param features (N, D) unit rows
 * @param weights (N), [0, 1]
 * @param copyGroups (N), images with the same number show the same photograph
 */
export function leaveOneOutMeans<S extends Space>(
  features: MatrixIn<S>,
  labels: Int32Array,
  weights: Float64Array,
  identities: number,
  copyGroups: Int32Array,
): ClassMeans<S> {
  const { dimensions } = features;
  const copiesOf = copiesWithinLabel(labels, copyGroups);
  const share = (image: number): number => weights[image] / (copiesOf(image)?.length ?? 1); // a photograph counts once
  const sums = new Float64Array(identities * dimensions);
  const photographs = new Float64Array(identities);
  for (let image = 0; image < labels.length; image++) {
    photographs[labels[image]] += 1 / (copiesOf(image)?.length ?? 1);
    addRow(sums, labels[image] * dimensions, rowOf(features, image), share(image));
  }
  const ownClassCosine = Float64Array.from(labels, (label, image) => {
    if (photographs[label] < 1.5) return NaN;
    const sum = sums.subarray(label * dimensions, (label + 1) * dimensions);
    const copies = copiesOf(image)?.filter((same) => same !== image) ?? [];
    const rest = copies.reduce<Float64Array>((left, copy) => without(left, rowOf(features, copy), share(copy)), sum);
    return cosineWithout(rest, rowOf(features, image), share(image));
  });
  return {
    ownClassCosine,
    means: inSpace(features.space, { data: unitMeans(sums, dimensions), rows: identities, dimensions }),
  };
}

/** Cosine of a unit row to a sum without it. */
function cosineWithout(sum: Float64Array, row: Float32Array, weight: number): number {
  let [product, square] = [0, 0];
  for (let d = 0; d < row.length; d++) {
    const rest = sum[d] - weight * row[d];
    product += rest * row[d];
    square += rest ** 2;
  }
  return product / Math.max(Math.sqrt(square), EPS);
}

const without = (sum: Float64Array, row: Float32Array, weight: number): Float64Array =>
  sum.map((value, d) => value - weight * row[d]);

/** Returns the sum of the weights of the other photographs of each image's class, (N); a photograph counts once. */
export function weightOfOtherMembers(labels: Int32Array, weights: Float64Array, copyGroups: Int32Array): Float64Array {
  const copiesOf = copiesWithinLabel(labels, copyGroups);
  const sums = new Map<number, number>();
  const share = (image: number): number => weights[image] / (copiesOf(image)?.length ?? 1);
  labels.forEach((label, image) => sums.set(label, (sums.get(label) ?? 0) + share(image)));
  return Float64Array.from(labels, (label, image) =>
    (copiesOf(image) ?? [image]).reduce((sum, same) => sum - share(same), sums.get(label)!),
  );
}

/** The images that show the same photograph under the same label, where there is more than one. */
function copiesWithinLabel(labels: Int32Array, copyGroups: Int32Array): (image: number) => number[] | undefined {
  const copies = new Map<number, number[]>();
  for (const members of membersOf(copyGroups)) {
    const under = membersOf(Int32Array.from(members, (image) => labels[image]));
    for (const places of under) {
      const same = places.map((place) => members[place]);
      for (const image of same) copies.set(image, same);
    }
  }
  return (image) => copies.get(image);
}

/** Adds a row times `weight` to the numbers from `at` on. */
export function addRow(sums: Float64Array, at: number, row: Float32Array, weight: number): void {
  for (let d = 0; d < row.length; d++) sums[at + d] += weight * row[d];
}

function unitMeans(sums: Float64Array, dimensions: number): Float32Array {
  const means = new Float32Array(sums.length);
  for (let at = 0; at < sums.length; at += dimensions) {
    let square = 0;
    for (let d = 0; d < dimensions; d++) square += sums[at + d] ** 2;
    const scale = 1 / Math.max(Math.sqrt(square), EPS);
    for (let d = 0; d < dimensions; d++) means[at + d] = sums[at + d] * scale;
  }
  return means;
}
