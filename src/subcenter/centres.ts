import * as tf from '#tfjs';

/**
 * Sub-centres W are (C*K, D), class by class: row = class*K + k (sub-center ArcFace, Deng et al. 2020, sec. 3.2).
 */
export const rowOfSubcenter = (label: number, subcenter: number, subcenters: number): number =>
  label * subcenters + subcenter;

/** Deviation of fresh sub-centres; only their directions matter. */
export const CENTRE_DEVIATION = 0.01;

/**
 * Cosine of each embedding to each class: the nearest of the class's K sub-centres, which alone gets the gradient.
 * @param embeddings (B, D) unit rows @param centres (C*K, D), any length @returns (B, C)
 */
export function classCosines(embeddings: tf.Tensor2D, centres: tf.Tensor2D, subcenters: number): tf.Tensor2D {
  const lengths = tf.sqrt(centres.square().sum(1, true).add(1e-12)); // (C*K, 1)
  const all = tf.matMul(embeddings, centres.div<tf.Tensor2D>(lengths), false, true) as tf.Tensor2D; // (B, C*K)
  if (subcenters === 1) return all;
  return all.reshape<tf.Tensor3D>([embeddings.shape[0], -1, subcenters]).max(2) as tf.Tensor2D; // (B, C, K) -> (B, C)
}
