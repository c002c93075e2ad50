import type * as tf from '#tfjs';
import type { ParameterSpecs } from './parameters.js';

/** Square maps of so many channels, (N, side, side, channels). */
export interface MapShape {
  side: number;
  channels: number;
}

/** One way through a network. Layers leave the next running statistics here, by state name, when training. */
export interface Pass {
  weights: Record<string, tf.Tensor>;
  training: boolean;
  statistics: Record<string, tf.Tensor>;
  /** Dropout's mask for this step, (N, features): 0, or 1 / (1 - share). */
  dropout?: tf.Tensor2D;
}

/** A piece of a network for maps of a known shape. */
export interface Layer {
  parameters: ParameterSpecs;
  /** Multiply-adds an image. */
  multiplies: number;
  output: MapShape;
  /** Length of the dropout mask, in networks that have one. */
  dropoutFeatures?: number;
  forward(x: tf.Tensor4D, pass: Pass): tf.Tensor4D;
}

export type LayerMaker = (input: MapShape) => Layer;

/** Layers one after the other. */
export function sequence(...makers: LayerMaker[]): LayerMaker {
  return (input) => {
    const layers: Layer[] = [];
    for (const make of makers) layers.push(make(layers.at(-1)?.output ?? input));
    return {
      parameters: Object.assign({}, ...layers.map(({ parameters }) => parameters)) as ParameterSpecs,
      multiplies: layers.reduce((sum, { multiplies }) => sum + multiplies, 0),
      output: layers.at(-1)?.output ?? input,
      dropoutFeatures: layers.find((layer) => layer.dropoutFeatures)?.dropoutFeatures,
      forward: (x, pass) => layers.reduce((value, layer) => layer.forward(value, pass), x),
    };
  };
}

/** A layer without weights that leaves the shape as it is. */
export const elementwiseLayer =
  (forward: Layer['forward']): LayerMaker =>
  (input) => ({ parameters: {}, multiplies: 0, output: input, forward });
