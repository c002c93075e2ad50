import * as tf from '#tfjs';
import type { Arrays, Engine, Program, Tensors, TensorSpec, TypedArray } from './program.js';

/** Runs a program's body step by step on a TensorFlow.js backend that is registered as `backend`. */
export function eagerEngine(name: string, backend: string): Engine {
  return {
    name,
    check: () => Promise.resolve(),
    async load(program, initial) {
      await tf.setBackend(backend);
      const state = mapEntries(program.state, (spec, key) => toTensor(initial[key], spec));
      return {
        async run(inputs) {
          await tf.setBackend(backend);
          return step(program, inputs, state);
        },
        readState: () => Promise.resolve(mapEntries(state, (tensor) => tensor.dataSync().slice() as TypedArray)),
        dispose: () => Promise.resolve(tf.dispose(state)),
      };
    },
  };
}

function step(program: Program, inputs: Arrays, state: Tensors): Arrays {
  const { outputs, next } = tf.tidy(() => {
    const fed = mapEntries(program.inputs, (spec, key) => toTensor(inputs[key], spec));
    const result = program.body(fed, { ...state });
    return { outputs: result.outputs, next: result.state ?? {} };
  });
  for (const [key, tensor] of Object.entries(next)) {
    state[key].dispose();
    state[key] = tf.keep(tensor);
  }
  const read = mapEntries(outputs, (tensor) => tensor.dataSync().slice() as TypedArray);
  tf.dispose(outputs);
  return read;
}

function toTensor(values: TypedArray, { shape, dtype }: TensorSpec): tf.Tensor {
  return dtype === 'uint8'
    ? tf.tensor(Float32Array.from(values), shape, 'float32')
    : tf.tensor(values.slice(), shape, dtype);
}

function mapEntries<A, B>(record: Record<string, A>, change: (value: A, key: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
