import { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { EngineError } from '../core/errors.js';
import { suggestName } from '../core/nearest-name.js';
import { sessionSettings } from './onnx/session-settings.js';
import { blockSize } from './onnx/block-size.js';
import { writeOnnx } from './onnx/onnx-writer.js';
import type { Arrays, Engine, EngineOptions, Executable, Program, TypedArray } from './program.js';
import { relayout, storedShape } from './trace/layout.js';
import { nextName, traceProgram, type TracedProgram } from './trace/trace-program.js';

env.logLevel = 'fatal'; // what goes wrong is thrown too, and said in our words

/** Runs programs as one ONNX graph in ONNX Runtime; installs from npm alone. */
export function onnxEngine({ threads, device }: EngineOptions): Engine {
  return {
    name: 'onnx',
    async check() {
      assertProvider(device);
      if (device === 'cpu') return;
      const session = await createSession(device, writeOnnx(sumGraph), { logSeverityLevel: 4 });
      await session.release();
    },
    async load(program, state, { frozen = false } = {}) {
      assertProvider(device);
      // ONNX Runtime itself lays out and fuses what is constant; what changes from step to step is left to us.
      const block = device === 'cpu' && !frozen ? await blockSize() : 0;
      const traced = traceProgram(program, { block, constants: frozen ? state : undefined });
      const session = await createSession(device, writeOnnx(traced.graph), {
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        graphOptimizationLevel: 'all',
        logSeverityLevel: 3,
        extra: sessionSettings,
      });
      return new OnnxExecutable(program, traced, session, state);
    },
  };
}

/** Execution providers that this build of ONNX Runtime knows; some need libraries of their own. */
export const onnxProviders = (): string[] => listSupportedBackends().map(({ name }) => name);

/** Whether a provider computes here; the reason why not. */
export async function tryProvider(device: string): Promise<string | undefined> {
  try {
    const session = await createSession(device, writeOnnx(sumGraph), { logSeverityLevel: 4 });
    await session.release();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const value = (name: string) => ({ name, shape: [1], type: 'float32' as const });
const sumGraph = {
  nodes: [{ op: 'Add', inputs: ['x', 'x'], outputs: ['y'], attributes: {} }],
  initializers: [],
  inputs: [value('x')],
  outputs: [value('y')],
};

async function createSession(
  device: string,
  model: Uint8Array,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(model, { ...options, executionProviders: [device] });
  } catch (error) {
    if (device === 'cpu') throw error;
    const reason = (error as Error).message.split('\n')[0];
    throw new EngineError(`ONNX Runtime cannot use the device "${device}" here: ${reason}`, [
      'facesieve doctor',
      'See "Using a GPU" in the README for what CUDA needs.',
    ]);
  }
}

function assertProvider(device: string): void {
  const providers = onnxProviders();
  if (!providers.includes(device))
    throw new EngineError(`ONNX Runtime has no device "${device}" on this machine; it has ${providers.join(', ')}.`, [
      ...suggestName(device, providers),
      'See "Using a GPU" in the README for what CUDA needs.',
    ]);
}

class OnnxExecutable implements Executable {
  /** State stays in ONNX Runtime's tensors: what one step puts out, the next is fed. */
  private readonly held: Record<string, Tensor>;

  constructor(
    private readonly program: Program,
    private readonly traced: TracedProgram,
    private readonly session: InferenceSession,
    state: Arrays,
  ) {
    this.held = Object.fromEntries(
      Object.keys(traced.stateLayouts).map((name) => {
        const { shape } = program.state[name];
        const layout = traced.stateLayouts[name];
        const values = relayout(Float32Array.from(state[name]), shape, 'logical', layout, traced.block);
        return [name, new Tensor('float32', values, storedShape(shape, layout))];
      }),
    );
  }

  async run(inputs: Arrays): Promise<Arrays> {
    const fed = Object.entries(this.program.inputs).map(([name, { dtype, shape }]) => [
      name,
      new Tensor(dtype, inputs[name] as Float32Array, shape),
    ]);
    const results = await this.session.run({ ...this.held, ...(Object.fromEntries(fed) as Record<string, Tensor>) });
    for (const name of this.traced.changedState) this.held[name] = results[nextName(name)] as Tensor;
    return Object.fromEntries(this.traced.outputs.map((name) => [name, results[name].data as TypedArray]));
  }

  readState(): Promise<Arrays> {
    const { stateLayouts, block } = this.traced;
    const read = Object.entries(this.held).map(([name, { data }]) => {
      const { shape } = this.program.state[name];
      return [name, relayout(data as Float32Array, shape, stateLayouts[name], 'logical', block).slice()];
    });
    return Promise.resolve(Object.fromEntries(read) as Arrays);
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }
}
