import * as tf from '#tfjs';
import type { Tensors } from '../engine/program.js';
import type { LossTerms } from '../losses/loss.js';
import { relabelled } from '../losses/relabelling.js';
import { unitLength } from '../model/embedding-network.js';
import { classCosines } from '../subcenter/centres.js';
import { filterConflicts } from '../subcenter/inter-class-filter.js';

interface StepLossSettings {
  subcenters: number;
  interClassCosine: number;
  /** Degrees by which another centre must be nearer for an image to change its label; none without relabelling. */
  relabelDegrees?: number;
}

interface StepLossInputs {
  embedding: tf.Tensor2D; // (B, D)
  beforeNeck: tf.Tensor2D; // (B, D)
  centres: tf.Tensor2D; // (C*K, D)
  labels: tf.Tensor1D; // (B) int32
  scalars: Record<string, tf.Scalar>;
  state: Record<string, tf.Scalar>;
  weights: Tensors;
  attributes?: tf.Tensor2D; // (B, A)
  attributeShares: readonly number[]; // (A)
}

interface StepLoss {
  loss: tf.Scalar;
  state: Record<string, tf.Scalar>;
  /** Cosine to the own class as labelled, and to the best other class, without margin, (B). */
  own: tf.Tensor1D;
  rival: tf.Tensor1D;
  /** 1 where this step took another label, (B). */
  moved?: tf.Tensor1D;
}

/** The scalar that switches relabelling on. */
export const RELABEL = 'relabel';

/** From embeddings and centres to the loss: everything of a training step that is neither network nor optimizer. */
export function stepLoss(
  terms: LossTerms,
  { subcenters, interClassCosine, relabelDegrees }: StepLossSettings,
  { labels, ...inputs }: StepLossInputs,
): StepLoss {
  const all = classCosines(unitLength(inputs.embedding), inputs.centres, subcenters); // (B, C)
  const given = tf.oneHot(labels, all.shape[1]).cast<tf.Tensor2D>('float32'); // (B, C)
  const target = relabelDegrees === undefined ? given : relabelled(all, given, relabelDegrees, inputs.scalars[RELABEL]);
  const cosine = filterConflicts(all, target, interClassCosine);
  const { loss, state = {} } = terms.compute({ ...inputs, cosine, target });
  return {
    loss,
    state,
    own: cosine.mul(given).sum(1),
    rival: cosine.sub(given.mul(4)).max(1), // a cosine less 4 is below any other
    ...(relabelDegrees !== undefined && { moved: tf.sub(1, target.mul(given).sum(1)) as tf.Tensor1D }),
  };
}
