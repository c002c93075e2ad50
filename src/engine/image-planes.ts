import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type OnnxGraph, writeOnnx } from './onnx/onnx-writer.js';
import { inferenceOptions } from './onnx/session-settings.js';

export interface PlaneMaker {
  /** @param pixels (height, width, 3) bytes @returns (3, rows, columns), (pixel - mean) / scale */
  run(pixels: Uint8Array, height: number, width: number): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/**
 * Scales images of any size to (rows, columns), bilinear, and lays them out as networks take them: in one graph, since
 * a loop over pixels in JavaScript costs as much as the network that follows.
 */
export async function openPlaneMaker(
  { rows, columns, mean, scale }: { rows: number; columns: number; mean: number; scale: number },
  threads: number,
): Promise<PlaneMaker> {
  const session = await InferenceSession.create(
    writeOnnx(graphOf(rows, columns, mean, scale)),
    inferenceOptions({ threads, device: 'cpu' }),
  );
  return {
    async run(pixels, height, width) {
      const { planes } = await session.run({ pixels: new Tensor('uint8', pixels, [1, height, width, 3]) });
      return planes.data as Float32Array;
    },
    dispose: () => session.release(),
  };
}

function graphOf(rows: number, columns: number, mean: number, scale: number): OnnxGraph {
  const bytesOf = (values: BigInt64Array | Float32Array): Uint8Array => new Uint8Array(values.buffer as ArrayBuffer);
  const number = (name: string, value: number) =>
    ({ name, shape: [], type: 'float32', bytes: bytesOf(Float32Array.of(value)) }) as const;
  const sizes = BigInt64Array.from([1, rows, columns, 3], BigInt);
  return {
    inputs: [{ name: 'pixels', shape: [1, 'height', 'width', 3], type: 'uint8' }],
    outputs: [{ name: 'planes', shape: [1, 3, rows, columns], type: 'float32' }],
    initializers: [
      { name: 'sizes', shape: [4], type: 'int64', bytes: bytesOf(sizes) },
      number('mean', mean),
      number('scale', scale),
    ],
    nodes: [
      { op: 'Resize', inputs: ['pixels', '', '', 'sizes'], outputs: ['scaled'], attributes: { mode: 'linear' } },
      { op: 'Cast', inputs: ['scaled'], outputs: ['levels'], attributes: { to: 1 } },
      { op: 'Transpose', inputs: ['levels'], outputs: ['turned'], attributes: { perm: [0, 3, 1, 2] } },
      { op: 'Sub', inputs: ['turned', 'mean'], outputs: ['centred'], attributes: {} },
      { op: 'Div', inputs: ['centred', 'scale'], outputs: ['planes'], attributes: {} },
    ],
  };
}
