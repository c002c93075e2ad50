import { EPS, type Matrix } from '../core/vectors.js';
import { membersOf } from '../core/groups.js';

/** Where each image stands to the other images of its identity. */
export interface OwnCentres {
  /** Cosine to the centre of the identity's other images, (N); NaN for an identity's only photograph. Higher is cleaner. */
  cosOwn: Float64Array;
  /** Weighted centre of each identity, (C, D), unit rows; a row of zeros where there is none. */
  centres: Matrix;
}

/**
 * Every image against the weighted mean of its identity's others: itself and its copies are left out, or noise would
 * vouch for itself. @param vectors (N, D) unit rows @param weights (N), [0, 1]
 * @param copyGroups (N), images with the same number show the same photograph
 */
export function ownCentres(
  vectors: Matrix,
  labels: Int32Array,
  weights: Float64Array,
  identities: number,
  copyGroups: Int32Array,
): OwnCentres {
  const { data, dimensions } = vectors;
  const copiesOf = copiesUnderOneLabel(labels, copyGroups);
  const share = (image: number): number => weights[image] / (copiesOf(image)?.length ?? 1); // a photograph counts once
  const sums = new Float64Array(identities * dimensions);
  const photographs = new Float64Array(identities);
  for (let image = 0; image < labels.length; image++) {
    photographs[labels[image]] += 1 / (copiesOf(image)?.length ?? 1);
    addRow(sums, labels[image] * dimensions, data, image * dimensions, dimensions, share(image));
  }
  const others = new Float64Array(dimensions);
  const cosOwn = Float64Array.from(labels, (label, image) => {
    if (photographs[label] < 1.5) return NaN;
    others.set(sums.subarray(label * dimensions, (label + 1) * dimensions));
    for (const same of copiesOf(image) ?? [image]) addRow(others, 0, data, same * dimensions, dimensions, -share(same));
    let [product, square] = [0, 0];
    for (let d = 0; d < dimensions; d++) {
      product += others[d] * data[image * dimensions + d];
      square += others[d] ** 2;
    }
    return product / Math.max(Math.sqrt(square), EPS);
  });
  return { cosOwn, centres: { data: unitCentres(sums, dimensions), rows: identities, dimensions } };
}

/** Sum of the weights of each image's identity's other photographs, (N); a photograph counts once. */
export function weightOfOthers(labels: Int32Array, weights: Float64Array, copyGroups: Int32Array): Float64Array {
  const copiesOf = copiesUnderOneLabel(labels, copyGroups);
  const sums = new Map<number, number>();
  const share = (image: number): number => weights[image] / (copiesOf(image)?.length ?? 1);
  labels.forEach((label, image) => sums.set(label, (sums.get(label) ?? 0) + share(image)));
  return Float64Array.from(labels, (label, image) =>
    (copiesOf(image) ?? [image]).reduce((sum, same) => sum - share(same), sums.get(label)!),
  );
}

/** The images that show the same photograph under the same label, where there is more than one. */
function copiesUnderOneLabel(labels: Int32Array, copyGroups: Int32Array): (image: number) => number[] | undefined {
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

function addRow(
  sums: Float64Array,
  at: number,
  data: Float32Array,
  from: number,
  dimensions: number,
  weight: number,
): void {
  for (let d = 0; d < dimensions; d++) sums[at + d] += weight * data[from + d];
}

function unitCentres(sums: Float64Array, dimensions: number): Float32Array {
  const centres = new Float32Array(sums.length);
  for (let at = 0; at < sums.length; at += dimensions) {
    let square = 0;
    for (let d = 0; d < dimensions; d++) square += sums[at + d] ** 2;
    const scale = 1 / Math.max(Math.sqrt(square), EPS);
    for (let d = 0; d < dimensions; d++) centres[at + d] = sums[at + d] * scale;
  }
  return centres;
}
