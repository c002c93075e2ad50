import { type Random, randomOf } from '../core/random.js';
import { type Arrays, sizeOf, type TensorSpec } from '../engine/program.js';

/** How a weight is made, and whether training changes and decays it. Statistics are state, not trainable. */
export interface ParameterSpec {
  shape: number[];
  init:
    | 'he'
    | 'he-depthwise'
    | 'identity'
    | 'zeros'
    | 'ones'
    | { normal: number }
    | { constant: number }
    | { values: Float32Array };
  trainable: boolean;
  /** Weight decay shrinks directions; scales and shifts of batch norm are left alone. */
  decay: boolean;
}

export type ParameterSpecs = Record<string, ParameterSpec>;

export const tensorSpecs = (specs: ParameterSpecs): Record<string, TensorSpec> =>
  Object.fromEntries(Object.entries(specs).map(([name, { shape }]) => [name, { shape, dtype: 'float32' as const }]));

/** Fresh weights; each is drawn from its own stream, so adding one changes none of the others. */
export function initialise(specs: ParameterSpecs, seed: number): Arrays {
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, draw(spec, randomOf(seed, 'weights', name))]),
  );
}

function draw({ shape, init }: ParameterSpec, random: Random): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  if (init === 'zeros') return values;
  if (init === 'ones') return values.fill(1);
  if (init === 'identity') return values.map((_, i) => Number(i % (shape[1] + 1) === 0));
  if (typeof init === 'object' && 'values' in init) return init.values.slice();
  if (typeof init === 'object' && 'constant' in init) return values.fill(init.constant);
  const fanIn = sizeOf(shape.slice(0, init === 'he-depthwise' ? -2 : -1));
  const deviation = typeof init === 'object' ? init.normal : Math.sqrt(2 / fanIn); // He et al. 2015, eq. 10
  return values.map(() => deviation * random.normal());
}
