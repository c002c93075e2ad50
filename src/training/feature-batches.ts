import { randomOf } from '../core/random.js';
import type { Batch } from './batch-plan.js';
import type { Position } from './batches.js';
import { type DrawPlan, epochOrder, stepsPerEpoch } from './epoch-order.js';
import type { Features } from '../model/frozen/features.js';

export interface FeaturePlan extends DrawPlan {
  features: Features;
  /** Row of each training image among the features. */
  slots: Int32Array;
  flip: boolean;
}

/** Batches of stored features from `start` to the end of epoch `epochs - 1`; a mirrored image has features too. */
export async function* featureBatches(plan: FeaturePlan, start: Position, epochs: number): AsyncGenerator<Batch> {
  const { features, slots, labels, batchSize, seed, flip } = plan;
  const { dimensions, upright, mirrored } = features;
  const steps = stepsPerEpoch(plan);
  for (let epoch = start.epoch; epoch < epochs; epoch++) {
    const order = epochOrder(plan, epoch);
    for (let step = epoch === start.epoch ? start.step : 0; step < steps; step++) {
      const random = randomOf(seed, 'augment', epoch, step);
      const data = new Float32Array(batchSize * dimensions);
      const positions = Int32Array.from({ length: batchSize }, (_, i) => order[(step * batchSize + i) % order.length]);
      positions.forEach((position, i) => {
        const source = flip && random.uniform() < 0.5 ? mirrored : upright;
        const from = slots[position] * dimensions;
        data.set(source.subarray(from, from + dimensions), i * dimensions);
      });
      yield { epoch, step, data, labels: positions.map((position) => labels[position]), positions };
    }
  }
}
