import type { Config } from '../core/config.js';
import type { Matrix } from '../core/vectors.js';
import { engineOf } from '../engine/engines.js';
import { backboneNamed } from './backbones.js';
import { readCheckpoint } from './checkpoint.js';
import { embeddingProgram } from './embedding-network.js';

/** A trained network: the config it was trained under, and its weights. */
export interface TrainedNetwork {
  config: Config;
  checkpoint: string;
}

/** Crops to embed: `fill(i, target, offset)` copies crop i, (size, size, 3) bytes, into `target` at `offset`. */
export interface CropSupply {
  count: number;
  fill(index: number, target: Uint8Array, offset: number): void;
}

/** Crops embedded at once. */
const BATCH = 64;

/**
 * Unit embeddings (N, D) of image + mirror image, and their lengths before, (N). `config` says on which engine.
 * @param afterBatch is told how many are done; what it throws stops the work
 */
export async function embedCrops(
  config: Config,
  network: TrainedNetwork,
  supply: CropSupply,
  afterBatch: (done: number) => void,
): Promise<{ vectors: Matrix; norms: Float32Array }> {
  const { size, embeddingSize: dimensions, backbone } = network.config;
  const program = embeddingProgram(backboneNamed(backbone), { size, embeddingSize: dimensions }, BATCH);
  const executable = await engineOf(config).load(program, readCheckpoint(network.checkpoint).state);
  const data = new Float32Array(supply.count * dimensions);
  const norms = new Float32Array(supply.count);
  const bytes = size * size * 3;
  const images = new Uint8Array(BATCH * bytes); // the last batch is filled up with what was there
  try {
    for (let from = 0; from < supply.count; from += BATCH) {
      const used = Math.min(BATCH, supply.count - from);
      for (let i = 0; i < used; i++) supply.fill(from + i, images, i * bytes);
      const { embedding, norm } = await executable.run({ images });
      data.set(embedding.subarray(0, used * dimensions), from * dimensions);
      norms.set(norm.subarray(0, used), from);
      afterBatch(from + used);
    }
  } finally {
    await executable.dispose();
  }
  return { vectors: { data, rows: supply.count, dimensions }, norms };
}
