import type { Config } from '../core/config.js';
import { randomOf } from '../core/random.js';
import type { Arrays } from '../engine/program.js';
import type { Batch } from '../images/batch-plan.js';
import { learningRateAt, marginAt } from './schedule.js';

/** What a step is fed besides its batch: rate and margin at this point of the run, and the dropout mask. */
export function scheduledInputs(config: Config, { epoch, step }: Batch, steps: number, dropoutFeatures = 0): Arrays {
  const done = (epoch * steps + step) / (config.epochs * steps);
  return {
    rate: Float32Array.of(learningRateAt(done, config)),
    margin: Float32Array.of(marginAt(done, config)),
    ...(config.dropout > 0 && dropoutFeatures > 0
      ? { dropout: dropoutMask(config, epoch, step, dropoutFeatures) }
      : {}),
  };
}

/** 0, or 1 / (1 - share) (Srivastava et al. 2014, inverted), (B, features). */
function dropoutMask(
  { dropout, seed, batchSize }: Config,
  epoch: number,
  step: number,
  features: number,
): Float32Array {
  const random = randomOf(seed, 'dropout', epoch, step);
  const kept = 1 / (1 - dropout);
  return Float32Array.from({ length: batchSize * features }, () => (random.uniform() < dropout ? 0 : kept));
}
