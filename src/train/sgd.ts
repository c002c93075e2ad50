import * as tf from '#tfjs';
import type { ParameterSpecs } from '../model/parameters.js';

export interface SgdSettings {
  momentum: number;
  weightDecay: number;
}

export const velocityName = (weight: string): string => `velocity:${weight}`;

/** One step of SGD with momentum: v <- momentum*v + g + decay*w; w <- w - rate*v. Returns the changed state by name. */
export function sgdStep(
  specs: ParameterSpecs,
  state: Record<string, tf.Tensor>,
  gradients: Record<string, tf.Tensor>,
  rate: tf.Tensor,
  { momentum, weightDecay }: SgdSettings,
): Record<string, tf.Tensor> {
  const next: Record<string, tf.Tensor> = {};
  for (const [name, gradient] of Object.entries(gradients)) {
    const weight = state[name];
    const pull = specs[name].decay ? gradient.add(weight.mul(weightDecay)) : gradient;
    const velocity = state[velocityName(name)].mul(momentum).add(pull);
    next[velocityName(name)] = velocity;
    next[name] = weight.sub(velocity.mul(rate));
  }
  return next;
}
