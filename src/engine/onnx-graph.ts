import { Tensor } from 'onnxruntime-node';
import { openForeign, readForeign } from './onnx/foreign-file.js';
import { inferenceOptions } from './onnx/session-settings.js';

/** An ONNX file with one float input and any number of float outputs, run as it is. */
export interface OnnxGraph {
  /** @param data of `shape` @returns the outputs by name */
  run(data: Float32Array, shape: number[]): Promise<Record<string, Float32Array>>;
  dispose(): Promise<void>;
}

/** @throws PathError, FormatError */
export async function openOnnxGraph(file: string, threads: number): Promise<OnnxGraph> {
  const session = await openForeign(file, readForeign(file), inferenceOptions({ threads, device: 'cpu' }));
  return {
    async run(data, shape) {
      const outputs = await session.run({ [session.inputNames[0]]: new Tensor('float32', data, shape) });
      return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]));
    },
    dispose: () => session.release(),
  };
}
