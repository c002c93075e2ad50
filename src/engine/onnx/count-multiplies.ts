import { sizeOf } from '../program.js';
import { type Facts, graphFacts } from './graph-facts.js';
import { type GraphNode, graphNode } from './graph-node.js';
import { type Field, messagesOf } from './protobuf-reader.js';

/**
 * Multiply-adds of a graph's convolutions and products for one image, from shapes alone: those that the file states, and
 * those that follow from them. Nothing is run. null where the shape of one of them cannot be told.
 * @param graph fields of a GraphProto: node(1), initializer(5), input(11), output(12), value_info(13)
 */
export function countMultiplies(graph: readonly Field[]): number | null {
  const nodes = messagesOf(graph, 1).map(graphNode);
  if (nodes.some(({ hasGraphs }) => hasGraphs)) return null;
  const facts = graphFacts(graph, nodes);
  const sum = nodes.reduce((total, node) => total + multipliesOf(node, facts), 0);
  return Number.isSafeInteger(sum) ? sum : null;
}

/** NaN where a shape is not known. */
function multipliesOf({ op, inputs, outputs, numbers }: GraphNode, { shapes }: Facts): number {
  if (!['Conv', 'Gemm', 'MatMul', 'FusedMatMul'].includes(op)) return 0;
  const [made, x, y] = [outputs[0], inputs[0], inputs[1]].map((name) => shapes.get(name));
  if (!made || !x || !y) return NaN;
  const results = sizeOf(made) / (made[0] || 1); // of one image
  return results * (op === 'Conv' ? sizeOf(y.slice(1)) : (x.at(numbers.transA?.[0] ? -2 : -1) ?? NaN));
}
