import * as tf from '#tfjs';
import type { Config } from '../core/config.js';
import type { Arrays, Program } from '../engine/program.js';
import { sizeOf } from '../engine/program.js';
import type { Loss } from '../losses/loss.js';
import type { Backbone } from '../model/backbone.js';
import { embeddingRows, normaliseImages, unitLength } from '../model/embedding-network.js';
import { initialise, type ParameterSpecs, tensorSpecs } from '../model/parameters.js';
import { CENTRE_DEVIATION, classCosines } from '../subcenter/centres.js';
import { sgdStep, velocityName } from './sgd.js';

/** Name of the head, W (C*K, D), among the weights. */
export const HEAD = 'head';

export interface TrainingModel {
  backbone: Backbone;
  loss: Loss;
  classes: number;
  config: Config;
}

/** Backbone weights plus the head. */
export function weightSpecs({ backbone, classes, config }: TrainingModel): ParameterSpecs {
  const { size, embeddingSize, subcenters } = config;
  return {
    ...backbone.build({ size, embeddingSize }).parameters,
    [HEAD]: {
      shape: [classes * subcenters, embeddingSize],
      init: { normal: CENTRE_DEVIATION },
      trainable: true,
      decay: true,
    },
  };
}

/** Weights as drawn, every velocity at zero. */
export function freshState(specs: ParameterSpecs, seed: number): Arrays {
  const state = initialise(specs, seed);
  for (const name of trainable(specs)) state[velocityName(name)] = new Float32Array(sizeOf(specs[name].shape));
  return state;
}

const trainable = (specs: ParameterSpecs): string[] => Object.keys(specs).filter((name) => specs[name].trainable);

/**
 * One training step. Inputs: images (B, S, S, 3) bytes, labels (B), rate and margin (radians), scalars.
 * Outputs: loss, and each image's cosine to its own class and to the best other class, both (B).
 */
export function trainingProgram(model: TrainingModel): Program {
  const { backbone, loss, config } = model;
  const { batchSize, size, embeddingSize, subcenters, scale } = config;
  const network = backbone.build({ size, embeddingSize });
  const specs = weightSpecs(model);
  const names = trainable(specs);
  const velocities = Object.fromEntries(
    names.map((name) => [velocityName(name), { shape: specs[name].shape, dtype: 'float32' as const }]),
  );
  return {
    inputs: {
      images: { shape: [batchSize, size, size, 3], dtype: 'uint8' },
      labels: { shape: [batchSize], dtype: 'int32' },
      rate: { shape: [], dtype: 'float32' },
      margin: { shape: [], dtype: 'float32' },
    },
    state: { ...tensorSpecs(specs), ...velocities },
    body({ images, labels, rate, margin }, state) {
      let statistics: Record<string, tf.Tensor> = {};
      let own!: tf.Tensor;
      let rival!: tf.Tensor;
      const lossOf = (...weights: tf.Tensor[]): tf.Scalar => {
        const current = { ...state, ...Object.fromEntries(names.map((name, i) => [name, weights[i]])) };
        const pass = { weights: current, training: true, statistics: {} };
        const embedding = embeddingRows(network.forward(normaliseImages(images), pass)); // (B, S, S, 3) -> (B, D)
        statistics = pass.statistics;
        const cosine = classCosines(unitLength(embedding), current[HEAD] as tf.Tensor2D, subcenters);
        const result = loss.compute({
          cosine,
          labels: labels as tf.Tensor1D,
          margin: margin as tf.Scalar,
          scale,
        });
        own = tf.keep(result.ownCosine);
        rival = tf.keep(result.rivalCosine);
        return result.loss;
      };
      const { value, grads } = tf.valueAndGrads(lossOf)(names.map((name) => state[name]));
      const gradients = Object.fromEntries(names.map((name, i) => [name, grads[i]]));
      return {
        outputs: { loss: value, own, rival },
        state: { ...sgdStep(specs, state, gradients, rate, config), ...statistics },
      };
    },
  };
}
