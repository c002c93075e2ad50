import { EngineError } from '../core/errors.js';
import { eagerEngine } from './eager-engine.js';
import type { Engine } from './program.js';

const packages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

/** The installed native TensorFlow binding, or undefined. Importing it registers the backend "tensorflow". */
export async function loadTensorflow(): Promise<string | undefined> {
  for (const name of packages) {
    try {
      await import(name);
      return name;
    } catch {
      // Not installed, or built for another machine: the next one may do.
    }
  }
  return undefined;
}

/** Runs programs eagerly on TensorFlow's own library, when the user has installed its binding (an optional peer). */
export function tensorflowEngine(): Engine {
  return {
    name: 'tensorflow',
    check: requireTensorflow,
    async load(program, state) {
      await requireTensorflow();
      return eagerEngine('tensorflow', 'tensorflow').load(program, state);
    },
  };
}

async function requireTensorflow(): Promise<void> {
  if (await loadTensorflow()) return;
  throw new EngineError('The engine "tensorflow" needs TensorFlow\'s native binding, which is not installed.', [
    'npm install @tensorflow/tfjs-node   (or @tensorflow/tfjs-node-gpu; Node 20 or 22)',
    'Leave --engine away to use ONNX Runtime.',
  ]);
}
