import { onnxProviders, tryProvider } from './onnx-engine.js';
import { loadTensorflow } from './tensorflow-engine.js';

export interface EngineReport {
  name: string;
  available: boolean;
  /** Devices that compute here: each was tried. */
  devices: string[];
  /** What it runs on, or what is missing. */
  detail: string;
}

/** What each engine can do on this machine. */
export async function reportEngines(): Promise<EngineReport[]> {
  return [await reportOnnx(), await reportTensorflow()];
}

async function reportOnnx(): Promise<EngineReport> {
  const tried: { name: string; failure?: string }[] = [];
  for (const name of onnxProviders()) tried.push({ name, failure: await tryProvider(name) });
  const missing = tried.filter(({ failure }) => failure).map(({ name }) => name);
  return {
    name: 'onnx',
    available: true,
    devices: tried.filter(({ failure }) => !failure).map(({ name }) => name),
    detail: `ONNX Runtime${missing.length > 0 ? `; not usable here: ${missing.join(', ')}` : ''}`,
  };
}

async function reportTensorflow(): Promise<EngineReport> {
  const tensorflow = await loadTensorflow();
  return {
    name: 'tensorflow',
    available: tensorflow !== undefined,
    devices: tensorflow ? [tensorflow.endsWith('gpu') ? 'gpu' : 'cpu'] : [],
    detail: tensorflow ?? 'not installed: npm install @tensorflow/tfjs-node (optional)',
  };
}
