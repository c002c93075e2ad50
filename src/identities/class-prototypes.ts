import type { Cluster } from './average-linkage.js';
import { correctedSimilarity } from './clusters.js';
import { type Block, dotRows, type Matrix, rowOf } from '../core/vectors.js';

/** The main cluster of each class, and its mean. */
export interface ClassPrototypes {
  /** Of each label; null where no two images are alike. */
  clusters: (Cluster | null)[];
  /** (C, D): mean of the prototype's images, not of unit length; zero where there is no prototype. */
  means: Block;
}

/**
 * Returns the prototype of each class: its first cluster, and the mean of that.
 *
 * @param embeddings (N, D) unit rows
 * @param clusters of each label, the owner cluster first
 */
export function classPrototypes(embeddings: Matrix, clusters: readonly (readonly Cluster[])[]): ClassPrototypes {
  const { dimensions } = embeddings;
  const means = { data: new Float32Array(clusters.length * dimensions), rows: clusters.length, dimensions };
  clusters.forEach(([prototype], label) => {
    if (prototype) means.data.set(meanOf(embeddings, prototype.members), label * dimensions);
  });
  return { clusters: clusters.map(([prototype]) => prototype ?? null), means };
}

/** Returns the similarity of the prototypes of two labels; NaN where one has none. */
export function prototypeSimilarity({ clusters, means }: ClassPrototypes, a: number, b: number): number {
  const [one, other] = [clusters[a], clusters[b]];
  if (!one || !other) return NaN;
  return correctedSimilarity(meanCosine(means, a, b), one.within, other.within);
}

/** Mean cosine over all pairs across: the product of the means of unit rows. */
const meanCosine = (means: Matrix, a: number, b: number): number => dotRows(means, a, means, b);

/** Returns the mean of rows, not brought to unit length. */
export function meanOf(embeddings: Matrix, rows: readonly number[]): Float32Array {
  const sum = new Float64Array(embeddings.dimensions);
  for (const row of rows) rowOf(embeddings, row).forEach((value, d) => (sum[d] += value));
  return Float32Array.from(sum, (value) => value / rows.length);
}
