import { type GraphNode, smallConstant } from './graph-node.js';
import { type Field, messagesOf } from './protobuf-reader.js';
import { type Shape, shapeRules } from './shape-rules.js';
import { type DeclaredValue, declaredValue, sidesOf } from './value-shapes.js';

/** Sides that a tensor may have: no network's has more. */
const MOST_SIDES = 16;

/** What is known of the values of a graph, by name. */
export interface Facts {
  shapes: Map<string, Shape>;
  /** The numbers of those that are few and whole: shapes that are computed with. */
  values: Map<string, readonly number[]>;
}

/**
 * What the file states and what follows from it, for one image; nothing is run.
 * @param graph fields of a GraphProto: initializer(5), input(11), output(12), value_info(13) @param nodes those of the graph
 */
export function graphFacts(graph: readonly Field[], nodes: readonly GraphNode[]): Facts {
  const facts = statedFacts(graph);
  for (const node of nodes) learn(node, facts);
  return facts;
}

function statedFacts(graph: readonly Field[]): Facts {
  const facts: Facts = { shapes: new Map(), values: new Map() };
  const isFixed = ({ shape }: DeclaredValue): boolean => shape.slice(1).every((side) => typeof side === 'number');
  for (const value of [11, 13, 12].flatMap((field) => messagesOf(graph, field)).map(declaredValue))
    if (value.shape.length > 0 && isFixed(value)) facts.shapes.set(value.name, sidesOf(value));
  for (const { name, shape, values } of messagesOf(graph, 5).map(smallConstant)) {
    facts.shapes.set(name, shape);
    if (values) facts.values.set(name, values);
  }
  return facts;
}

/** Adds what is known of the node's first output. */
function learn(node: GraphNode, { shapes, values }: Facts): void {
  const [output] = node.outputs;
  const inputs = node.inputs.map((name) => shapes.get(name));
  const numbers = node.inputs.map((name) => values.get(name));
  if (node.constant) {
    shapes.set(output, node.constant.shape);
    if (node.constant.values) values.set(output, node.constant.values);
  } else if (!shapes.has(output) && inputs[0]) {
    const shape = shapeRules.get(node.op)?.(node, { shapes: [inputs[0], ...inputs.slice(1)], values: numbers });
    const isShape =
      shape && shape.length <= MOST_SIDES && shape.every((side) => Number.isSafeInteger(side) && side >= 0);
    if (isShape) shapes.set(output, shape);
  }
  const computed = valuesOf(node, inputs[0], numbers);
  if (computed && computed.length <= MOST_SIDES) values.set(output, computed);
}

/** Shapes that a graph computes with: what reshapes are told. */
function valuesOf(
  node: GraphNode,
  input: Shape | undefined,
  [first, second, ...rest]: readonly (readonly number[] | undefined)[],
): readonly number[] | undefined {
  if (node.op === 'Shape') return input;
  if (['Identity', 'Cast', 'Unsqueeze', 'Squeeze'].includes(node.op)) return first;
  if (node.op === 'Gather' && first && second) return second.map((at) => first[at < 0 ? at + first.length : at]);
  const parts = [first, second, ...rest].slice(0, node.inputs.length);
  return node.op === 'Concat' && parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}
