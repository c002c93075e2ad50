import { onnxProviders } from './onnx-engine.js';
import { loadTensorflow } from './tensorflow-engine.js';

export interface EngineReport {
  name: string;
  available: boolean;
  devices: string[];
  /** What it runs on, or what is missing. */
  detail: string;
}

/** What each engine can do on this machine. */
export async function reportEngines(): Promise<EngineReport[]> {
  const tensorflow = await loadTensorflow();
  const namesOf = (bundled: boolean): string[] =>
    onnxProviders()
      .filter((provider) => provider.bundled === bundled)
      .map(({ name }) => name);
  return [
    {
      name: 'onnx',
      available: true,
      devices: namesOf(true),
      detail: `ONNX Runtime; with their libraries installed also ${namesOf(false).join(', ') || 'nothing else'}`,
    },
    {
      name: 'tensorflow',
      available: tensorflow !== undefined,
      devices: tensorflow ? [tensorflow.endsWith('gpu') ? 'gpu' : 'cpu'] : [],
      detail: tensorflow ?? 'not installed: npm install @tensorflow/tfjs-node (optional)',
    },
  ];
}
