import type { OnnxNode } from '../../onnx/onnx-writer.js';
import type { GraphBuilder, TracedValue } from '../graph-builder.js';
import { traced } from '../kernel.js';

/**
 * What follows a blocked scale-and-shift is done in its pass: ReLU, or one addition. The node is written anew; the one
 * without is dropped unless something else needs it.
 */
function scaleShiftBehind(graph: GraphBuilder, value: TracedValue): OnnxNode | undefined {
  const node = value.names.nchwc ? graph.producerOf(value.names.nchwc) : undefined;
  const one = node?.domain === 'com.microsoft.nchwc' && node.op === 'Conv' && node.attributes.group === value.shape[3];
  const [height, width] = (node?.attributes.kernel_shape as number[] | undefined) ?? [];
  return one && height * width === 1 && node.inputs.length < 4 && !node.attributes.activation ? node : undefined;
}

export function fusedRelu(graph: GraphBuilder, x: TracedValue): TracedValue | undefined {
  const node = scaleShiftBehind(graph, x);
  if (!node) return undefined;
  const name = graph.blockedNode('Conv', node.inputs, { ...node.attributes, activation: 'Relu' });
  return traced(name, x.shape, x.dtype, 'nchwc');
}

export function fusedAdd(graph: GraphBuilder, a: TracedValue, b: TracedValue): TracedValue | undefined {
  if (a.shape.join() !== b.shape.join() || !a.names.nchwc || !b.names.nchwc) return undefined;
  const [node, other] = [scaleShiftBehind(graph, a), b.names.nchwc];
  if (!node) return scaleShiftBehind(graph, b) ? fusedAdd(graph, b, a) : undefined;
  const [x, scale, shift = ''] = node.inputs;
  return traced(graph.blockedNode('Conv', [x, scale, shift, other], node.attributes), a.shape, a.dtype, 'nchwc');
}
