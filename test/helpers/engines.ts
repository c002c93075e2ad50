import { expect } from 'vitest';
import { eagerEngine } from '../../src/engine/eager-engine.js';
import { onnxEngine } from '../../src/engine/onnx-engine.js';
import { type Arrays, type Program, sizeOf, type TensorSpec } from '../../src/engine/program.js';
import type { Random } from '../../src/core/random.js';

// TensorFlow.js's own CPU backend shares its registry of kernels with every copy of tfjs-core in the process.
process.env.TF_CPP_MIN_LOG_LEVEL = '3';
console.warn = () => undefined; // it advertises tfjs-node
await import('@tensorflow/tfjs-backend-cpu');

/** TensorFlow.js's own CPU backend: the referee. */
export const referee = eagerEngine('referee', 'cpu');
export const onnx = onnxEngine({ threads: 2, device: 'cpu' });

/** The engine that conformance is about: ONNX Runtime, or TensorFlow where its binding is named. */
const binding = process.env.FACESIEVE_TFJS_NODE;
if (binding) await import(`${binding}/dist/index.js`);
export const candidate = binding ? eagerEngine('tensorflow', 'tensorflow') : onnx;

/** Outputs of one step of `program` under the candidate and the referee. */
export async function runBoth(program: Program, inputs: Arrays, state: Arrays = {}): Promise<[Arrays, Arrays]> {
  const results: Arrays[] = [];
  for (const engine of [candidate, referee]) {
    const executable = await engine.load(program, state);
    const outputs = await executable.run(inputs);
    results.push({ ...outputs, ...(await executable.readState()) });
    await executable.dispose();
  }
  return results as [Arrays, Arrays];
}

export function expectClose(actual: Arrays, expected: Arrays, tolerance = 1e-4): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, values] of Object.entries(expected)) {
    expect(actual[name].length, name).toBe(values.length);
    const scale = Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    values.forEach((value, i) => {
      if (!(Math.abs(actual[name][i] - value) <= tolerance * scale))
        expect.fail(`${name}[${i}]: ${actual[name][i]} instead of ${value}`);
    });
  }
}

/** Random values for each spec: floats in [low, high), whole numbers in [0, 5). */
export function randomInputs(
  specs: Record<string, TensorSpec>,
  random: Random,
  [low, high]: readonly [number, number] = [-2, 2],
): Arrays {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, dtype }]) => {
      const length = sizeOf(shape);
      if (dtype === 'int32') return [name, Int32Array.from({ length }, () => random.integer(5))];
      if (dtype === 'uint8') return [name, Uint8Array.from({ length }, () => random.integer(256))];
      return [name, Float32Array.from({ length }, () => random.between(low, high))];
    }),
  );
}
