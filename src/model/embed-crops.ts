import { type Config, isFrozen } from '../core/config.js';
import { type Matrix, rowLengths, unitRows } from '../core/vectors.js';
import { engineOf } from '../engine/engines.js';
import type { Executable, TypedArray } from '../engine/program.js';
import { readCheckpoint } from './checkpoint.js';
import { embeddingProgram } from './embedding-network.js';
import { type CropSupply, type Features, featuresOf, meanFeatures } from './frozen/features.js';
import { frozenModel } from './frozen/frozen-model.js';
import { type Network, projectionNetwork, trainedNetwork } from './network.js';

/** A trained network: the config it was trained under, and its weights. */
export interface TrainedNetwork {
  config: Config;
  checkpoint: string;
}

/** Unit rows (N, D), and their lengths before, (N). */
export interface EmbeddedRows {
  vectors: Matrix;
  norms: Float32Array;
  /** A frozen model's own features, (N, F) unit rows; absent otherwise. */
  untouched?: Matrix;
  /** Lengths of those before, (N): short = the model saw little. */
  untouchedNorms?: Float32Array;
}

/** Crops embedded at once. */
const BATCH = 64;
/** Rows of features at once: a dense layer alone is quick. */
const FEATURE_BATCH = 512;

/**
 * Unit embeddings (N, D) of image + mirror image, and their lengths before, (N). `config` says on which engine.
 * @param afterBatch is told how many are done; what it throws stops the work
 * @param featureFile where the features of a frozen model are kept, if at all
 */
export async function embedCrops(
  config: Config,
  trained: TrainedNetwork,
  supply: CropSupply,
  afterBatch: (done: number) => void,
  featureFile?: string,
): Promise<EmbeddedRows> {
  if (isFrozen(trained.config.model.backbone)) {
    const features = await featuresOf(frozenModel(trained.config), config, supply, featureFile, afterBatch);
    return embedFeatures(config, trained, features);
  }
  const bytes = supply.size * supply.size * 3;
  const images = new Uint8Array(BATCH * bytes); // the last batch is filled up with what was there
  const fill = (from: number, used: number): TypedArray => {
    for (let i = 0; i < used; i++) supply.fill(from + i, images, i * bytes);
    return images;
  };
  return embed(config, trained.checkpoint, trainedNetwork(trained.config), BATCH, supply.count, fill, afterBatch);
}

async function embedFeatures(
  config: Config,
  {
    config: {
      model: { neck },
    },
    checkpoint,
  }: TrainedNetwork,
  features: Features,
): Promise<EmbeddedRows> {
  const { dimensions } = features;
  const both = meanFeatures(features);
  const rows = new Float32Array(FEATURE_BATCH * dimensions);
  const fill = (from: number, used: number): TypedArray => {
    rows.set(both.subarray(from * dimensions, (from + used) * dimensions));
    return rows;
  };
  const count = both.length / dimensions;
  const network = projectionNetwork(dimensions, { neck });
  const embedded = await embed(config, checkpoint, network, FEATURE_BATCH, count, fill, () => undefined);
  const untouched = { data: both, rows: count, dimensions };
  return { ...embedded, untouched: unitRows(untouched), untouchedNorms: rowLengths(untouched) };
}

async function embed(
  config: Config,
  checkpoint: string,
  network: Network,
  batch: number,
  count: number,
  fill: (from: number, used: number) => TypedArray,
  afterBatch: (done: number) => void,
): Promise<EmbeddedRows> {
  const dimensions = network.layers.output.channels;
  const data = new Float32Array(count * dimensions);
  const norms = new Float32Array(count);
  const program = embeddingProgram(network, batch);
  const { state } = readCheckpoint(checkpoint);
  const executable: Executable = await engineOf(config).load(program, state, { frozen: true });
  try {
    for (let from = 0; from < count; from += batch) {
      const used = Math.min(batch, count - from);
      const { embedding, norm } = await executable.run({ [network.input.name]: fill(from, used) });
      data.set(embedding.subarray(0, used * dimensions), from * dimensions);
      norms.set(norm.subarray(0, used), from);
      afterBatch(from + used);
    }
  } finally {
    await executable.dispose();
  }
  return { vectors: { data, rows: count, dimensions }, norms };
}
