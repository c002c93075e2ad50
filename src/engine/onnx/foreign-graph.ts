import { FormatError } from '../../core/errors.js';
import { graphFacts } from './graph-facts.js';
import { graphNode, type GraphNode, storedWeight, type Weight } from './graph-node.js';
import { messagesOf, readFields, textOf } from './protobuf-reader.js';
import { type DeclaredValue, declaredValue } from './value-shapes.js';

/** A model from elsewhere, taken apart: its nodes in the order in which they run, and its float32 weights. */
export interface ForeignGraph {
  nodes: GraphNode[];
  /** Weights by name; those of other types are not here. */
  weights: Map<string, Weight>;
  /** The same in nodes, as Constant has them. */
  constants: ReadonlyMap<string, Weight>;
  /** Names of all that is stored, whatever its type. */
  stored: ReadonlySet<string>;
  /** Numbers of the values that are few, whole and known, such as the shapes of reshapes. */
  integers: ReadonlyMap<string, readonly number[]>;
  /** Without those that are weights. */
  inputs: DeclaredValue[];
  outputs: DeclaredValue[];
}

// Field numbers of onnx.proto.
const model = { graph: 7 } as const;
const graph = { node: 1, initializer: 5, input: 11, output: 12 } as const;
const tensorName = 8;

/** @throws FormatError when the bytes of `file` are no model */
export function foreignGraph(file: string, bytes: Uint8Array): ForeignGraph {
  try {
    const [content] = messagesOf(readFields(bytes), model.graph);
    if (!content) throw new RangeError('it holds no graph');
    const fields = readFields(content);
    const tensors = messagesOf(fields, graph.initializer);
    const names = tensors.map((tensor) => textOf(readFields(tensor), tensorName));
    const stored = new Set(names);
    const weights = tensors.map((tensor, i) => [names[i], storedWeight(tensor)] as const);
    const nodes = messagesOf(fields, graph.node).map(graphNode);
    return {
      nodes,
      integers: graphFacts(fields, nodes).values,
      stored,
      constants: new Map(
        nodes.flatMap(({ outputs, constant }) => (constant?.weight ? [[outputs[0], constant.weight]] : [])),
      ),
      weights: new Map(weights.filter((entry): entry is [string, Weight] => entry[1] !== undefined)),
      inputs: messagesOf(fields, graph.input)
        .map(declaredValue)
        .filter(({ name }) => !stored.has(name)),
      outputs: messagesOf(fields, graph.output).map(declaredValue),
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FormatError(`"${file}" is not an ONNX model: ${error.message}.`);
  }
}
