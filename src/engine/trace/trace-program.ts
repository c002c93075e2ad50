import { UnsupportedKernelError } from '../../core/errors.js';
import { elementTypes, type OnnxGraph, type OnnxValue } from '../onnx/onnx-writer.js';
import type { Program, TensorSpec, Tensors } from '../program.js';
import { GraphBuilder, type TracedValue } from './graph-builder.js';
import { type Layout, storedShape } from './layout.js';
import { traceInto } from './trace-backend.js';

/** A program as one ONNX graph. State `name` leaves the graph as `next:name`, in the layout it came in. */
export interface TracedProgram {
  graph: OnnxGraph;
  stateLayouts: Record<string, Layout>;
  /** State that the program changes; the rest stays as it was loaded. */
  changedState: string[];
  outputs: string[];
}

export const nextName = (state: string): string => `next:${state}`;

/** Rank-4 state is convolution filters: kept in ONNX's order from step to step, so no step transposes them. */
const stateLayoutOf = (spec: TensorSpec): Layout => (spec.shape.length === 4 ? 'oihw' : 'logical');

/** @throws UnsupportedKernelError naming the kernel and the operation that asked for it */
export function traceProgram(program: Program): TracedProgram {
  const graph = new GraphBuilder();
  const stateLayouts = mapValues(program.state, stateLayoutOf);
  return traceInto(graph, (wrap, unwrap) => {
    const inputs = mapValues(program.inputs, (spec, name) => wrap(declareInput(graph, name, spec)));
    const state = mapValues(program.state, (spec, name) => wrap(declareState(graph, name, spec, stateLayouts[name])));
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
  const source = graph.nameOf(value, layout);
  graph.nodes.push({ op: 'Identity', inputs: [source], output: name, attributes: {} });
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
