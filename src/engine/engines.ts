import type { Config } from '../core/config.js';
import { onnxEngine } from './onnx-engine.js';
import type { Engine, EngineOptions } from './program.js';
import { tensorflowEngine } from './tensorflow-engine.js';

/** Every engine: one file, one line here, and its name in core/config.ts. */
export const engines: Record<Config['engine'], (options: EngineOptions) => Engine> = {
  onnx: onnxEngine,
  tensorflow: tensorflowEngine,
};

export const engineOf = (config: Config): Engine => engines[config.engine](config);
