import { Tensor } from 'onnxruntime-node';
import { openForeign, readForeign } from './onnx/foreign-file.js';
import { inferenceOptions } from './onnx/session-settings.js';

/** An ONNX file with one input of floats or bytes and any number of float outputs, run as it is. */
export interface OnnxGraph {
  /** Whether it takes bytes: then whole numbers from 0 to 255 are to be handed in. */
  takesBytes: boolean;
  /** Sides of the input as the model declares them; a name where one is left open. */
  inputShape: readonly (number | string)[];
  /** @param data of `shape` @returns the outputs by name, in the model's order */
  run(data: Float32Array, shape: number[]): Promise<Record<string, Float32Array>>;
  dispose(): Promise<void>;
}

/** @throws PathError, FormatError */
export async function openOnnxGraph(file: string, threads: number): Promise<OnnxGraph> {
  const session = await openForeign(file, readForeign(file), inferenceOptions({ threads, device: 'cpu' }));
  const [input] = session.inputMetadata;
  const takesBytes = input.isTensor && input.type === 'uint8';
  return {
    takesBytes,
    inputShape: input.isTensor ? input.shape : [],
    async run(data, shape) {
      const tensor = takesBytes
        ? new Tensor('uint8', Uint8Array.from(data), shape)
        : new Tensor('float32', data, shape);
      const outputs = await session.run({ [input.name]: tensor });
      return Object.fromEntries(session.outputNames.map((name) => [name, outputs[name].data as Float32Array]));
    },
    dispose: () => session.release(),
  };
}
