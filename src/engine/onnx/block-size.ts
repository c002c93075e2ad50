import { InferenceSession, Tensor } from 'onnxruntime-node';
import { writeOnnx } from './onnx-writer.js';

const CHANNELS = 4; // fewer than any block has

/**
 * Channels in a block of ONNX Runtime's direct convolutions on this machine: 8 with AVX2, 16 with AVX-512; 0 where it
 * has none. Asked of the runtime itself: a reordered tensor comes back filled up to whole blocks.
 */
async function probeBlockSize(): Promise<number> {
  const node = {
    op: 'ReorderInput',
    inputs: ['x'],
    outputs: ['y'],
    attributes: {},
    domain: 'com.microsoft.nchwc' as const,
  };
  const value = (name: string, channels: number) => ({ name, shape: [1, channels, 1, 1], type: 'float32' as const });
  const graph = { nodes: [node], initializers: [], inputs: [value('x', CHANNELS)], outputs: [] };
  try {
    const session = await InferenceSession.create(writeOnnx({ ...graph, outputs: [value('y', -1)] }), {
      logSeverityLevel: 4,
    });
    const { y } = await session.run({ x: new Tensor('float32', new Float32Array(CHANNELS), [1, CHANNELS, 1, 1]) });
    await session.release();
    return y.dims[1];
  } catch {
    return 0;
  }
}

let probed: Promise<number> | undefined;

export const blockSize = (): Promise<number> => (probed ??= probeBlockSize());
