import { resolveConfig } from '../../src/core/resolve-config.js';
import type { Arrays } from '../../src/engine/program.js';
import { arcface } from '../../src/losses/arcface.js';
import { trainedNetwork } from '../../src/model/network.js';
import { freshState, weightSpecs } from '../../src/training/training-program.js';

/** The run that loss-curve.py repeats in PyTorch: its settings, its first weights, and its batches. */
export const config = resolveConfig({
  ...{ backbone: 'plain-4', size: 16, embeddingSize: 16, batchSize: 16, subcenters: 3, threads: 2 },
  ...{ lossSettings: { scale: 24 }, weightDecay: 5e-4, momentum: 0.9 },
});
export const model = { network: trainedNetwork(config), loss: arcface, classes: 5, config };
export const STEPS = 50;
export const specs = weightSpecs(model);

export const start = (): Arrays => freshState(specs, 11);

/** Bytes from a linear congruential generator that Python repeats: state <- state * 1664525 + 1013904223. */
export function batchOf(step: number): Arrays {
  let state = step + 1;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
  for (let i = 0; i < 8; i++) next();
  const images = Uint8Array.from({ length: 16 * 16 * 16 * 3 }, next);
  const labels = Int32Array.from({ length: 16 }, (_, i) => i % 5);
  labels.forEach((label, i) => images.fill(40 * label, i * 768, i * 768 + 300)); // something to learn
  return { images, labels, rate: Float32Array.of(0.02), margin: Float32Array.of(0.3) };
}
