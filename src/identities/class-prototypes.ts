import type { Matrix } from '../core/vectors.js';
import type { ImageGroup } from './average-linkage.js';
import { likenessOf } from './image-groups.js';
import { dotAt } from '../core/vectors.js';

/** Who each name is about: the first group of its images. */
export interface PersonCores {
  /** Of each label; null where no two images are alike. */
  group: (ImageGroup | null)[];
  /** (C, D): mean of the core's images, not of unit length; zero where there is no core. */
  means: Matrix;
}

/** @param embeddings (N, D) unit rows @param groups of each label, the owner first */
export function personCores(embeddings: Matrix, groups: readonly (readonly ImageGroup[])[]): PersonCores {
  const { dimensions } = embeddings;
  const means = { data: new Float32Array(groups.length * dimensions), rows: groups.length, dimensions };
  groups.forEach(([core], label) => {
    if (core) means.data.set(meanOf(embeddings, core.members), label * dimensions);
  });
  return { group: groups.map(([core]) => core ?? null), means };
}

/** Likeness of the cores of two labels; NaN where one has none. */
export function coreLikeness({ group, means }: PersonCores, a: number, b: number): number {
  const [one, other] = [group[a], group[b]];
  if (!one || !other) return NaN;
  return likenessOf(meanCosine(means, a, b), one.within, other.within);
}

/** Mean cosine over all pairs across: the product of the means of unit rows. */
const meanCosine = ({ data, dimensions }: Matrix, a: number, b: number): number =>
  dotAt(data, a * dimensions, data, b * dimensions, dimensions);

/** Mean of rows, not brought to unit length. */
export function meanOf({ data, dimensions }: Matrix, rows: readonly number[]): Float32Array {
  const sum = new Float64Array(dimensions);
  for (const row of rows) for (let d = 0; d < dimensions; d++) sum[d] += data[row * dimensions + d];
  return Float32Array.from(sum, (value) => value / rows.length);
}
