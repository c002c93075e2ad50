import * as tf from '#tfjs';
import './engines.js';
import type { LossTerms } from '../../src/losses/loss.js';
import { RELABEL, stepLoss } from '../../src/training/step-loss.js';

/** Inputs of a loss, row by row; what is left out is empty. */
export interface LossCase {
  shape: [images: number, dimensions: number, classes: number];
  labels: number[];
  embedding: number[];
  beforeNeck?: number[];
  centres: number[];
  subcenters?: number;
  marginShare?: number;
  step?: number;
  state?: Record<string, number>;
  attributes?: number[];
  shares?: number[];
  weights?: Record<string, { shape: number[]; values: number[] }>;
}

export interface LossValue {
  value: number;
  /** Of whatever the loss depends on; zero elsewhere. */
  gradients: Record<string, number[]>;
  next: Record<string, number>;
  own: number[];
  rival: number[];
  moved?: number[];
}

/** Value and gradients of a loss by TensorFlow.js itself. */
export async function lossValue(terms: LossTerms, given: LossCase): Promise<LossValue> {
  await tf.setBackend('cpu');
  const [images, dimensions] = given.shape;
  const { weights = {}, shares = [], marginShare = 1, step = 0 } = given;
  const names = ['embedding', 'beforeNeck', 'centres', ...Object.keys(weights)];
  const parts = [
    tf.tensor2d(given.embedding, [images, dimensions]),
    tf.tensor2d(given.beforeNeck ?? given.embedding, [images, dimensions]),
    tf.tensor2d(given.centres, [given.centres.length / dimensions, dimensions]),
    ...Object.values(weights).map(({ shape, values }) => tf.tensor(values, shape)),
  ];
  const scalars = { ...terms.schedule?.({ step, marginShare }), ...(terms.relabel && { [RELABEL]: 1 }) };
  const told: Record<string, number[]> = {};
  const next: Record<string, number> = {};
  const { value, grads } = tf.valueAndGrads((...inputs: tf.Tensor[]) => {
    const [embedding, beforeNeck, centres, ...own] = inputs as tf.Tensor2D[];
    const { loss, state, ...rest } = stepLoss(
      terms,
      { subcenters: given.subcenters ?? 1, interClassCosine: 0, relabelDegrees: terms.relabel?.degrees },
      {
        ...{ embedding, beforeNeck, centres, labels: tf.tensor1d(given.labels, 'int32'), attributeShares: shares },
        scalars: scalarsOf(scalars),
        state: scalarsOf(given.state ?? {}),
        weights: Object.fromEntries(Object.keys(weights).map((name, i) => [name, own[i]])),
        attributes: given.attributes && tf.tensor2d(given.attributes, [images, shares.length]),
      },
    );
    for (const [name, tensor] of Object.entries(rest)) told[name] = [...(tensor as tf.Tensor).dataSync()];
    for (const [name, tensor] of Object.entries(state)) next[name] = tensor.dataSync()[0];
    // TensorFlow.js refuses to differentiate by what has no say at all.
    return inputs.reduce<tf.Scalar>((sum, input) => sum.add(input.sum().mul(0)), loss);
  })(parts);
  const gradients = Object.fromEntries(grads.map((grad, i) => [names[i], [...grad.dataSync()]]));
  const { own, rival, moved } = told;
  return { value: value.dataSync()[0], gradients, next, own, rival, ...(moved && { moved }) };
}

const scalarsOf = (values: Record<string, number>): Record<string, tf.Scalar> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, tf.scalar(value)]));
