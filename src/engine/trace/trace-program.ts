import { UnsupportedKernelError } from '../../core/errors.js';
import { elementTypes, type OnnxGraph, type OnnxValue } from '../onnx/onnx-writer.js';
import type { Arrays, Program, TensorSpec, Tensors } from '../program.js';
import { GraphBuilder, type TracedValue } from './graph-builder.js';
import { type Layout, storedShape } from './layout.js';
import { traceInto } from './trace-backend.js';

/** A program as one ONNX graph. State `name` leaves the graph as `next:name`, in the layout it came in. */
export interface TracedProgram {
  graph: OnnxGraph;
  /** Of the state that is fed: none where it is written into the graph. */
  stateLayouts: Record<string, Layout>;
  block: number;
  /** State that the program changes; the rest stays as it was loaded. */
  changedState: string[];
  outputs: string[];
}

export const nextName = (state: string): string => `next:${state}`;

/** Rank-4 state is filters: kept from step to step as convolutions want them, so that no step moves them. */
function stateLayoutOf({ shape }: TensorSpec, block: number): Layout {
  if (shape.length !== 4) return 'logical';
  const [, , channels, filters] = shape; // (H, W, I, O), or (H, W, C, 1) of a depthwise convolution
  const whole = (side: number): boolean => block > 0 && side % block === 0;
  if (filters === 1) return whole(channels) ? 'chwc' : 'chw';
  if (!whole(filters)) return 'oihw';
  return whole(channels) ? 'oihwio' : channels < block ? 'oihwo' : 'oihw';
}

export interface TraceOptions {
  /** Channels in a block of the direct convolutions the graph will run on; 0 for plain ONNX. */
  block: number;
  /** State that is written into the graph. */
  constants?: Arrays;
}

/** @throws UnsupportedKernelError naming the kernel and the operation that asked for it */
export function traceProgram(program: Program, { block, constants }: TraceOptions): TracedProgram {
  const graph = new GraphBuilder(block);
  const stateLayouts = constants ? {} : mapValues(program.state, (spec) => stateLayoutOf(spec, block));
  return traceInto(graph, (wrap, unwrap) => {
    const inputs = mapValues(program.inputs, (spec, name) => wrap(declareInput(graph, name, spec)));
    const state = mapValues(program.state, (spec, name) =>
      wrap(
        constants
          ? { ...spec, dtype: 'float32', constant: constants[name], names: {} }
          : declareState(graph, name, spec, stateLayouts[name]),
      ),
    );
    const result = runBody(program, inputs, state);

    const outputs = Object.entries(result.outputs).map(([name, tensor]) =>
      exposeAs(graph, name, unwrap(tensor), 'logical'),
    );
    const next = Object.entries(result.state ?? {}).map(([name, tensor]) =>
      exposeAs(graph, nextName(name), unwrap(tensor), stateLayouts[name]),
    );
    const exposed = [...outputs, ...next];
    const nodes = graph.liveNodes(exposed.map(({ name }) => name));
    return {
      graph: { nodes, initializers: graph.usedInitializers(nodes), inputs: graph.inputs, outputs: exposed },
      stateLayouts,
      block,
      changedState: Object.keys(result.state ?? {}),
      outputs: Object.keys(result.outputs),
    };
  });
}

function declareInput(graph: GraphBuilder, name: string, spec: TensorSpec): TracedValue {
  graph.inputs.push({ name, shape: spec.shape, type: spec.dtype });
  if (spec.dtype !== 'uint8') return { shape: spec.shape, dtype: spec.dtype, names: { logical: name } };
  const floats = graph.node('Cast', [name], { to: elementTypes.float32 });
  return { shape: spec.shape, dtype: 'float32', names: { logical: floats } };
}

function declareState(graph: GraphBuilder, name: string, spec: TensorSpec, layout: Layout): TracedValue {
  graph.inputs.push({ name, shape: storedShape(spec.shape, layout), type: 'float32' });
  return { shape: spec.shape, dtype: 'float32', names: { [layout]: name } };
}

function exposeAs(graph: GraphBuilder, name: string, value: TracedValue, layout: Layout): OnnxValue {
  graph.expose(graph.nameOf(value, layout), name);
  return { name, shape: storedShape(value.shape, layout), type: value.dtype as OnnxValue['type'] };
}

function runBody(program: Program, inputs: Tensors, state: Tensors): ReturnType<Program['body']> {
  try {
    return program.body(inputs, state);
  } catch (error) {
    const kernel = /Kernel '(\w+)' not registered/.exec(String(error))?.[1];
    if (!kernel) throw error;
    const operation = /at (?:Object\.)?(\w+)_ /.exec((error as Error).stack ?? '')?.[1] ?? 'an operation';
    throw new UnsupportedKernelError(`The engine has no kernel "${kernel}", which tf.${operation} asked for.`, [
      'Write the program with supported operations, or add the kernel to src/engine/trace/kernels.',
    ]);
  }
}

function mapValues<A, B>(record: Record<string, A>, change: (value: A, name: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}
