import * as tf from '#tfjs';
import type { Config } from '../core/config.js';
import type { TensorSpec } from '../engine/program.js';
import type { Backbone, BackboneShape } from './backbone.js';
import { backboneNamed } from './backbones.js';
import type { Layer } from './layer.js';
import { batchNorm } from './layers/batch-norm.js';
import { dense } from './layers/dense.js';

/** What a network is fed: its name among a program's inputs, its shape without the batch, and how it becomes a map. */
export interface NetworkInput {
  name: string;
  spec(batchSize: number): TensorSpec;
  asMap(input: tf.Tensor): tf.Tensor4D;
  mirrored(input: tf.Tensor): tf.Tensor4D;
}

export interface Network {
  input: NetworkInput;
  /** All layers, the neck included. */
  layers: Layer;
  /** A closing batch norm that only the softmax looks through, and the layers before it. */
  neck?: { before: Layer; layer: Layer };
}

/**
 * `network` with a batch norm without shift at its end (BNNeck, Luo et al. 2019, sec. 3.6): embeddings are taken after it,
 * a triplet loss looks before it.
 */
function withNeck({ input, layers: before }: Network): Network {
  const layer = batchNorm('neck', { shifts: false })(before.output);
  const layers: Layer = {
    ...before,
    parameters: { ...before.parameters, ...layer.parameters },
    forward: (x, pass) => layer.forward(before.forward(x, pass), pass),
  };
  return { input, layers, neck: { before, layer } };
}

/** Bytes to about -1..1, as ArcFace's own networks are fed. */
const normalised = (bytes: tf.Tensor): tf.Tensor4D => bytes.sub(127.5).div<tf.Tensor4D>(128);

/** Crops, (N, S, S, 3) bytes. */
const cropInput = (size: number): NetworkInput => ({
  name: 'images',
  spec: (batchSize) => ({ shape: [batchSize, size, size, 3], dtype: 'uint8' }),
  asMap: normalised,
  mirrored: (bytes) => tf.reverse(normalised(bytes), 2), // (N, H, W, 3), W turned
});

/** `backbone` on crops. */
export const cropNetwork = (backbone: Backbone, shape: BackboneShape): Network => ({
  input: cropInput(shape.size),
  layers: backbone.build(shape),
});

/** The network that a config says is trained here. */
export function trainedNetwork(config: Config): Network {
  const network = cropNetwork(backboneNamed(config.model.backbone), {
    size: config.ingest.size,
    embeddingSize: config.model.embeddingSize,
  });
  return config.model.neck ? withNeck(network) : network;
}

/**
 * One dense layer on the stored features of a frozen model, (N, F) -> (N, F). It starts as the identity: before the
 * first step, embeddings are the model's own.
 */
export function projectionNetwork(features: number, { neck = false } = {}): Network {
  const network: Network = {
    input: {
      name: 'features',
      spec: (batchSize) => ({ shape: [batchSize, features], dtype: 'float32' }),
      asMap: (rows) => rows.reshape([rows.shape[0], 1, 1, features]),
      mirrored: (rows) => rows.reshape([rows.shape[0], 1, 1, features]),
    },
    layers: dense('projection', features, { init: 'identity' })({ side: 1, channels: features }),
  };
  return neck ? withNeck(network) : network;
}
