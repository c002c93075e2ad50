import { InferenceSession } from 'onnxruntime-node';
import { type OnnxGraph, writeOnnx } from './onnx-writer.js';
import { inferenceOptions } from './session-settings.js';

/** Opens a graph of ours that is only run, on the processor. */
export const openWritten = (graph: OnnxGraph, threads: number): Promise<InferenceSession> =>
  InferenceSession.create(writeOnnx(graph), inferenceOptions({ threads, device: 'cpu' }));
