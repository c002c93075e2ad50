import type * as tf from '#tfjs';
import type { z } from 'zod';
import type { Relabelling } from './relabelling.js';

/** Sizes that a loss may depend on. */
export interface LossShape {
  /** Classes a step sees: all, or as many as Partial FC samples. */
  classes: number;
  /** D. */
  dimensions: number;
  batchSize: number;
  /** Share of the known images that have each attribute, (0, 1), (A); empty without attributes. */
  attributes: readonly number[];
}

/** What a loss sees of a step. B images, D dimensions, C classes, K sub-centres. */
export interface LossInputs {
  /** The embedding as the network leaves it, (B, D), not normalised. */
  embedding: tf.Tensor2D;
  /** The same before the network's neck; the embedding itself where there is none. */
  beforeNeck: tf.Tensor2D; // (B, D)
  cosine: tf.Tensor2D; // (B, C), to each class's nearest sub-centre
  target: tf.Tensor2D; // (B, C), 1 at the image's class and 0 elsewhere; no gradient passes through it
  centres: tf.Tensor2D; // (C*K, D), any length
  /** What `schedule` said for this step. */
  scalars: Record<string, tf.Scalar>;
  /** What the last step left of `state`. */
  state: Record<string, tf.Scalar>;
  weights: Record<string, tf.Tensor>;
  /** (B, A): 1, 0, or -1 where it is not known. */
  attributes?: tf.Tensor2D;
  attributeShares: readonly number[]; // (A), of LossShape
}

export interface LossResult {
  loss: tf.Scalar;
  /** The next value of each of `state`. */
  state?: Record<string, tf.Scalar>;
}

/** Where in training a step is. */
export interface Moment {
  /** Steps done. */
  step: number;
  /** Share of the margin that is on: grows from 0 to 1 over `marginWarmup`. */
  marginShare: number;
}

/** A loss under its settings. All but `compute` is for losses that need more than the step before them. */
export interface LossTerms {
  compute(inputs: LossInputs): LossResult;
  /** @throws ConfigError when settings and sizes do not go together */
  check?(shape: LossShape): void;
  /** Numbers fed anew each step: margins that grow, annealing. */
  schedule?(at: Moment): Record<string, number>;
  /** Scalars carried from step to step and kept with the checkpoint, with their first values. */
  state?: Record<string, number>;
  /** Shapes of weights of the loss's own, trained with the network's. */
  weights?(shape: LossShape): Record<string, number[]>;
  /** Class centres that stay as they are, (C, D); otherwise they are drawn and trained. */
  fixedCentres?(shape: LossShape): Float32Array;
  /** How images change their label while training, if they do. */
  relabel?: Relabelling;
  /** Images of one identity that come together in a batch; without it, images come shuffled. */
  imagesPerIdentity?: number;
  /** CSV file of attributes an image. */
  attributesFile?: string;
}

/** A loss. A new one is one file and one line in losses.ts. */
export interface Loss<S extends z.ZodObject = z.ZodObject> {
  name: string;
  /** Paper and equation. */
  reference: string;
  /** What a step costs beside the plain softmax. */
  cost: string;
  /** Every setting with its default; unknown keys are refused. */
  settings: S;
  /** Why there can be no sub-centres and what to do, in losses where they are not defined. */
  noSubcenters?: string;
  /** Embeddings get a batch norm of their own before the softmax (BNNeck, Luo et al. 2019). */
  neck?: boolean;
  make(settings: z.infer<S>): LossTerms;
}
