import type { Config } from '../core/config.js';
import { randomOf } from '../core/random.js';
import type { Arrays } from '../engine/program.js';
import type { Position } from './batches.js';
import type { LossTerms } from '../losses/loss.js';
import { learningRateAt, marginShareAt } from './schedule.js';
import { RELABEL } from './step-loss.js';

/** What a step is fed besides its batch: the rate and the loss's numbers at this point of the run, and the dropout mask. */
export function scheduledInputs(
  config: Config,
  terms: LossTerms,
  { epoch, step }: Position,
  steps: number,
  dropoutFeatures = 0,
): Arrays {
  const at = epoch * steps + step;
  const done = at / (config.train.epochs * steps);
  const scalars = {
    rate: learningRateAt(done, config.train),
    ...terms.schedule?.({ step: at, marginShare: marginShareAt(done, config.train) }),
    ...(terms.relabel && { [RELABEL]: Number(done >= terms.relabel.after) }),
  };
  return {
    ...Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, Float32Array.of(value)])),
    ...(config.model.dropout > 0 && dropoutFeatures > 0
      ? { dropout: dropoutMask(config, epoch, step, dropoutFeatures) }
      : {}),
  };
}

/** 0, or 1 / (1 - share) (Srivastava et al. 2014, inverted), (B, features). */
function dropoutMask(
  { seed, model: { dropout }, train: { batchSize } }: Config,
  epoch: number,
  step: number,
  features: number,
): Float32Array {
  const random = randomOf(seed, 'dropout', epoch, step);
  const kept = 1 / (1 - dropout);
  return Float32Array.from({ length: batchSize * features }, () => (random.uniform() < dropout ? 0 : kept));
}
