import type { Config } from '../core/config.js';
import { engineOf } from '../engine/engines.js';
import { openLoss } from '../losses/loss-settings.js';
import { lossNamed } from '../losses/losses.js';
import { trainedNetwork } from '../model/network.js';
import { scheduledInputs } from './step-inputs.js';
import { freshState, trainingProgram, weightSpecs } from './training-program.js';

const CLASSES = 100;
const STEPS = 5;

/** Images a second of training steps under `config`, on made-up images; takes a few seconds. */
export async function measureSpeed(config: Config): Promise<number> {
  const {
    ingest: { size },
    train: { batchSize },
  } = config;
  const model = { network: trainedNetwork(config), loss: lossNamed(config.train.loss), classes: CLASSES, config };
  const executable = await engineOf(config).load(trainingProgram(model), freshState(weightSpecs(model), 0));
  const inputs = {
    images: Uint8Array.from({ length: batchSize * size * size * 3 }, (_, i) => (i * 2654435761) >>> 24),
    labels: Int32Array.from({ length: batchSize }, (_, i) => i % CLASSES),
    ...scheduledInputs(config, openLoss(model.loss, config.train.lossSettings), { epoch: 0, step: 0 }, STEPS),
  };
  try {
    for (let i = 0; i < 2; i++) await executable.run(inputs); // warm
    const start = performance.now();
    for (let i = 0; i < STEPS; i++) await executable.run(inputs);
    return (1000 * STEPS * batchSize) / (performance.now() - start);
  } finally {
    await executable.dispose();
  }
}
