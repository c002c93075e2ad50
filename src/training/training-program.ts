import * as tf from '#tfjs';
import type { Config } from '../core/config.js';
import { type Arrays, type Program, sizeOf, type Tensors, type TensorSpec } from '../engine/program.js';
import type { Loss, LossShape, LossTerms } from '../losses/loss.js';
import { openLoss } from '../losses/loss-settings.js';
import { embeddingRows } from '../model/embedding-network.js';
import type { Network } from '../model/network.js';
import { initialise, type ParameterSpecs, tensorSpecs } from '../model/parameters.js';
import { CENTRE_DEVIATION } from '../subcenter/centres.js';
import { HEAD } from '../subcenter/sampled-head.js';
import { sgdStep, velocityName } from './sgd.js';
import { RELABEL, stepLoss } from './step-loss.js';

export interface TrainingModel {
  network: Network;
  loss: Loss;
  /** Classes the step sees: all, or as many as Partial FC samples. */
  classes: number;
  /** The head is fed and returned every step, because only some of its rows are here. */
  sampled?: boolean;
  config: Config;
  /** Share of the known images that have each attribute, where the loss wants attributes. */
  attributes?: readonly number[];
}

export const lossShapeOf = ({ network, classes, config, attributes = [] }: TrainingModel): LossShape => ({
  classes,
  dimensions: network.layers.output.channels,
  batchSize: config.train.batchSize,
  attributes,
});

const termsOf = ({ loss, config }: TrainingModel): LossTerms => openLoss(loss, config.train.lossSettings);
/** Names of what belongs to the loss among the weights. */
const lossName = (name: string): string => `loss:${name}`;

/** Network weights, the head W (C*K, D), and what the loss keeps of its own. */
export function weightSpecs(model: TrainingModel): ParameterSpecs {
  const { network, classes, config } = model;
  const terms = termsOf(model);
  const shape = lossShapeOf(model);
  const fixed = terms.fixedCentres?.(shape);
  const own = Object.entries(terms.weights?.(shape) ?? {}).map(([name, sides]) => [
    lossName(name),
    { shape: sides, init: sides.length > 1 ? fresh : 'zeros', trainable: true, decay: sides.length > 1 },
  ]);
  const state = Object.entries(terms.state ?? {}).map(([name, constant]) => [
    lossName(name),
    { shape: [], init: { constant }, trainable: false, decay: false },
  ]);
  return {
    ...network.layers.parameters,
    [HEAD]: {
      shape: [classes * config.train.subcenters, network.layers.output.channels],
      init: fixed ? { values: fixed } : fresh,
      trainable: !fixed,
      decay: !fixed,
    },
    ...(Object.fromEntries([...own, ...state]) as ParameterSpecs),
  };
}

const fresh = { normal: CENTRE_DEVIATION };

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

/** Those of `values` that belong to the loss, under the names it knows them by. */
function ofLoss<T>(values: Record<string, T>, names: Iterable<string>): Record<string, T> {
  return Object.fromEntries(Array.from(names, (name) => [name, values[lossName(name)]]));
}

/**
 * One training step. Inputs: images or features of B crops, labels (B), rate and whatever the loss schedules (margins in
 * radians), scalars; with `dropout`, the step's mask; with attributes, (B, A); with a sampled head, its rows and their
 * velocities. Outputs: loss, each image's cosine to its own class and to the best other class, both (B); where images
 * may be relabelled, which were, (B); a sampled head's new rows.
 */
export function trainingProgram(model: TrainingModel): Program {
  const { network, config, sampled = false } = model;
  const terms = termsOf(model);
  const relabelDegrees = terms.relabel?.degrees;
  const specs = weightSpecs(model);
  const names = trainable(specs);
  const [head, rest] = divide(stateSpecs(specs), headNames);
  const scalarNames = scheduledScalars(terms);
  const scalar: TensorSpec = { shape: [], dtype: 'float32' };
  return {
    inputs: {
      [network.input.name]: network.input.spec(config.train.batchSize),
      labels: { shape: [config.train.batchSize], dtype: 'int32' },
      rate: scalar,
      ...Object.fromEntries(scalarNames.map((name) => [name, scalar])),
      ...dropoutInput(model),
      ...attributesInput(model),
      ...(sampled ? head : {}),
    },
    state: sampled ? rest : { ...rest, ...head },
    body(inputs, held) {
      const state: Tensors = sampled ? { ...held, ...divide(inputs, headNames)[0] } : held;
      let statistics: Tensors = {};
      let told: Tensors = {};
      let lossState: Tensors = {};
      const lossOf = (...weights: tf.Tensor[]): tf.Scalar => {
        const current = { ...state, ...Object.fromEntries(names.map((name, i) => [name, weights[i]])) };
        const pass = { weights: current, training: true, statistics: {}, dropout: inputs.dropout as tf.Tensor2D };
        const { embedding, beforeNeck } = embeddingRows(network, network.input.asMap(inputs[network.input.name]), pass);
        statistics = pass.statistics;
        const result = stepLoss(
          terms,
          { ...config.train, relabelDegrees },
          {
            ...{ embedding, beforeNeck, centres: current[HEAD] as tf.Tensor2D, labels: inputs.labels as tf.Tensor1D },
            scalars: inputs as Record<string, tf.Scalar>,
            state: ofLoss(current, Object.keys(terms.state ?? {})) as Record<string, tf.Scalar>,
            weights: ofLoss(current, Object.keys(terms.weights?.(lossShapeOf(model)) ?? {})),
            attributes: inputs.attributes as tf.Tensor2D | undefined,
            attributeShares: model.attributes ?? [],
          },
        );
        const { loss, state: next, own, rival, moved } = result;
        told = keepAll({ own, rival, ...(moved && { moved }) });
        lossState = keepAll(Object.fromEntries(Object.entries(next).map(([name, value]) => [lossName(name), value])));
        return loss;
      };
      const { value, grads } = tf.valueAndGrads(lossOf)(names.map((name) => state[name]));
      const gradients = Object.fromEntries(names.map((name, i) => [name, grads[i]]));
      const next = { ...sgdStep(specs, state, gradients, inputs.rate, config.train), ...statistics, ...lossState };
      const outputs = { loss: value, ...told };
      if (!sampled) return { outputs, state: next };
      const [headNext, restNext] = divide(next, headNames);
      const rows = Object.entries(headNext).map(([name, rows]) => [`next ${name}`, rows] as const);
      return { outputs: { ...outputs, ...Object.fromEntries(rows) }, state: restNext };
    },
  };
}

/** Out of the reach of the tidying that ends a gradient. */
const keepAll = (tensors: Tensors): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tf.keep(tensor)]));

/** Names of the scalars that a step is fed for the loss. */
const scheduledScalars = (terms: LossTerms): string[] => [
  ...Object.keys(terms.schedule?.({ step: 0, marginShare: 0 }) ?? {}),
  ...(terms.relabel ? [RELABEL] : []),
];

const attributesInput = ({ attributes = [], config }: TrainingModel): Record<string, TensorSpec> =>
  attributes.length > 0 ? { attributes: { shape: [config.train.batchSize, attributes.length], dtype: 'float32' } } : {};

function dropoutInput({ network, config }: TrainingModel): Record<string, TensorSpec> {
  const { dropoutFeatures } = network.layers;
  return config.model.dropout > 0 && dropoutFeatures
    ? { dropout: { shape: [config.train.batchSize, dropoutFeatures], dtype: 'float32' } }
    : {};
}
