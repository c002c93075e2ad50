import * as tf from '#tfjs';
import type { Config } from '../core/config.js';
import { type Arrays, type Program, sizeOf, type Tensors, type TensorSpec } from '../engine/program.js';
import type { Loss } from '../losses/loss.js';
import { embeddingRows, unitLength } from '../model/embedding-network.js';
import type { Network } from '../model/network.js';
import { initialise, type ParameterSpecs, tensorSpecs } from '../model/parameters.js';
import { CENTRE_DEVIATION, classCosines } from '../subcenter/centres.js';
import { filterConflicts } from '../subcenter/inter-class-filter.js';
import { HEAD } from '../subcenter/sampled-head.js';
import { sgdStep, velocityName } from './sgd.js';

export interface TrainingModel {
  network: Network;
  loss: Loss;
  /** Classes the step sees: all, or as many as Partial FC samples. */
  classes: number;
  /** The head is fed and returned every step, because only some of its rows are here. */
  sampled?: boolean;
  config: Config;
}

/** Network weights plus the head, W (C*K, D). */
export function weightSpecs({ network, classes, config }: TrainingModel): ParameterSpecs {
  return {
    ...network.layers.parameters,
    [HEAD]: {
      shape: [classes * config.subcenters, network.layers.output.channels],
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

/** Everything training changes: weights, statistics and a velocity for each trainable weight. */
export function stateSpecs(specs: ParameterSpecs): Record<string, TensorSpec> {
  const weights = tensorSpecs(specs);
  const velocities = trainable(specs).map((name) => [velocityName(name), weights[name]] as const);
  return { ...weights, ...Object.fromEntries(velocities) };
}

const headNames = [HEAD, velocityName(HEAD)];

function divide<T>(record: Record<string, T>, names: readonly string[]): [Record<string, T>, Record<string, T>] {
  const entries = Object.entries(record);
  return [true, false].map((inside) =>
    Object.fromEntries(entries.filter(([name]) => names.includes(name) === inside)),
  ) as [Record<string, T>, Record<string, T>];
}

/**
 * One training step. Inputs: images or features of B crops, labels (B), rate and margin (radians), scalars; with
 * `dropout`, the step's mask; with a sampled head, its rows and their velocities.
 * Outputs: loss, each image's cosine to its own class and to the best other class, both (B); a sampled head's new rows.
 */
export function trainingProgram(model: TrainingModel): Program {
  const { network, loss, config, sampled = false } = model;
  const { batchSize, subcenters, scale, interClassCosine } = config;
  const specs = weightSpecs(model);
  const names = trainable(specs);
  const [head, rest] = divide(stateSpecs(specs), headNames);
  return {
    inputs: {
      [network.input.name]: network.input.spec(batchSize),
      labels: { shape: [batchSize], dtype: 'int32' },
      rate: { shape: [], dtype: 'float32' },
      margin: { shape: [], dtype: 'float32' },
      ...dropoutInput(model),
      ...(sampled ? head : {}),
    },
    state: sampled ? rest : { ...rest, ...head },
    body(inputs, held) {
      const state: Tensors = sampled ? { ...held, ...divide(inputs, headNames)[0] } : held;
      const labels = inputs.labels as tf.Tensor1D;
      let statistics: Tensors = {};
      let own!: tf.Tensor;
      let rival!: tf.Tensor;
      const lossOf = (...weights: tf.Tensor[]): tf.Scalar => {
        const current = { ...state, ...Object.fromEntries(names.map((name, i) => [name, weights[i]])) };
        const pass = { weights: current, training: true, statistics: {}, dropout: inputs.dropout as tf.Tensor2D };
        const embedding = embeddingRows(network, network.input.asMap(inputs[network.input.name]), pass); // (B, D)
        statistics = pass.statistics;
        const all = classCosines(unitLength(embedding), current[HEAD] as tf.Tensor2D, subcenters); // (B, C)
        const cosine = filterConflicts(all, labels, interClassCosine);
        const result = loss.compute({ cosine, labels, margin: inputs.margin as tf.Scalar, scale });
        own = tf.keep(result.ownCosine);
        rival = tf.keep(result.rivalCosine);
        return result.loss;
      };
      const { value, grads } = tf.valueAndGrads(lossOf)(names.map((name) => state[name]));
      const gradients = Object.fromEntries(names.map((name, i) => [name, grads[i]]));
      const next = { ...sgdStep(specs, state, gradients, inputs.rate, config), ...statistics };
      if (!sampled) return { outputs: { loss: value, own, rival }, state: next };
      const [headNext, restNext] = divide(next, headNames);
      const rows = Object.entries(headNext).map(([name, rows]) => [`next ${name}`, rows] as const);
      return { outputs: { loss: value, own, rival, ...Object.fromEntries(rows) }, state: restNext };
    },
  };
}

function dropoutInput({ network, config }: TrainingModel): Record<string, TensorSpec> {
  const { dropoutFeatures } = network.layers;
  return config.dropout > 0 && dropoutFeatures
    ? { dropout: { shape: [config.batchSize, dropoutFeatures], dtype: 'float32' } }
    : {};
}
