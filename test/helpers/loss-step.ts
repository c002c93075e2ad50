import { resolveConfig } from '../../src/core/resolve-config.js';
import { randomOf } from '../../src/core/random.js';
import type { Arrays } from '../../src/engine/program.js';
import type { Loss } from '../../src/losses/loss.js';
import { openLoss } from '../../src/losses/loss-settings.js';
import { projectionNetwork } from '../../src/model/network.js';
import { scheduledInputs } from '../../src/training/step-inputs.js';
import { freshState, trainingProgram, type TrainingModel, weightSpecs } from '../../src/training/training-program.js';
import { randomInputs } from './engines.js';

interface LossStepOptions {
  subcenters?: number;
  lossSettings?: Record<string, unknown>;
  classes?: number;
}

/** A training step of `loss` on a dense layer alone: quick under any engine. */
export function lossStep(
  loss: Loss,
  { lossSettings = {}, classes = 5, subcenters = loss.noSubcenters ? 1 : 2 }: LossStepOptions = {},
) {
  const config = resolveConfig({ loss: loss.name, lossSettings, subcenters, batchSize: 8, epochs: 2, clipNorm: 5 });
  const attributes = openLoss(loss, lossSettings).attributesFile ? [0.5, 0.2] : undefined;
  const network = projectionNetwork(8, { neck: loss.neck });
  const model: TrainingModel = { network, loss, classes, config, attributes };
  const program = trainingProgram(model);
  const inputs: Arrays = {
    ...randomInputs(program.inputs, randomOf('loss step', loss.name)),
    ...scheduledInputs(config, openLoss(loss, lossSettings), { epoch: 1, step: 2 }, 4),
    ...(attributes && { attributes: Float32Array.from({ length: 16 }, (_, i) => (i % 3) - 1) }),
  };
  return { program, inputs, state: freshState(weightSpecs(model), 3) };
}
