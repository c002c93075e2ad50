import * as tf from '#tfjs';
import type { ParameterSpecs } from '../model/parameters.js';

export interface SgdSettings {
  momentum: number;
  weightDecay: number;
  /** Gradients together are shortened to this length; 0 leaves them. */
  clipNorm: number;
}

type Named = Record<string, tf.Tensor>;

export const velocityName = (weight: string): string => `velocity:${weight}`;

/** One step of SGD with momentum: v <- momentum*v + g + decay*w; w <- w - rate*v. Returns the changed state by name. */
export function sgdStep(
  specs: ParameterSpecs,
  state: Named,
  gradients: Named,
  rate: tf.Tensor,
  { momentum, weightDecay, clipNorm }: SgdSettings,
): Named {
  const next: Named = {};
  for (const [name, gradient] of Object.entries(clipped(gradients, clipNorm))) {
    const weight = state[name];
    const pull = specs[name].decay ? gradient.add(weight.mul(weightDecay)) : gradient;
    const velocity = state[velocityName(name)].mul(momentum).add(pull);
    next[velocityName(name)] = velocity;
    next[name] = weight.sub(velocity.mul(rate));
  }
  return next;
}

/** All gradients scaled alike so that their joint length is `most` at the most (Pascanu et al. 2013, algorithm 1). */
function clipped(gradients: Named, most: number): Named {
  if (most === 0) return gradients;
  const squares = Object.values(gradients).map((gradient) => gradient.square().sum());
  const length = squares.reduce((sum, square) => sum.add(square)).sqrt();
  const share = tf.minimum(tf.div(most, tf.maximum(length, 1e-12)), 1);
  return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, gradient.mul(share)]));
}
