import { FormatError } from '../../core/errors.js';
import { sizeOf } from '../program.js';
import { countMultiplies } from './count-multiplies.js';
import { type Field, messagesOf, numbersOf, readFields, textOf } from './protobuf-reader.js';
import { type DeclaredValue, declaredValue } from './value-shapes.js';

export interface ModelDescription {
  producer: string;
  opset: number;
  /** Operators outside ONNX's own set need the runtime they are named for. */
  domains: string[];
  inputs: DeclaredValue[];
  outputs: DeclaredValue[];
  /** Numbers stored in the model. */
  parameters: number;
  /** Multiply-adds of its convolutions and products for one image; null where a shape cannot be told. */
  multiplies: number | null;
  operators: Record<string, number>;
  metadata: Record<string, string>;
}

/** What is in an ONNX file, read off it: no part of the model is run or loaded. @throws FormatError when it is none */
export function describeModel(file: string, bytes: Uint8Array): ModelDescription {
  try {
    const model = readFields(bytes);
    const [graph] = messagesOf(model, 7);
    if (!graph) throw new RangeError('it holds no graph');
    return describeGraph(model, readFields(graph));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FormatError(`"${file}" is not an ONNX model: ${error.message}.`);
  }
}

/** Field numbers are those of onnx.proto: ModelProto, GraphProto, NodeProto, TensorProto. */
function describeGraph(model: readonly Field[], graph: readonly Field[]): ModelDescription {
  const opsets = messagesOf(model, 8).map((opset) => readFields(opset));
  const operators = new Map<string, number>();
  for (const node of messagesOf(graph, 1)) {
    const name = textOf(readFields(node), 4);
    operators.set(name, (operators.get(name) ?? 0) + 1);
  }
  const stored = new Set(messagesOf(graph, 5).map((tensor) => textOf(readFields(tensor), 8)));
  const parameters = messagesOf(graph, 5).reduce((sum, tensor) => sum + sizeOf(numbersOf(readFields(tensor), 1)), 0);
  if (!Number.isSafeInteger(parameters)) throw new RangeError('it states sizes that no file holds');
  return {
    inputs: messagesOf(graph, 11)
      .map(declaredValue)
      .filter(({ name }) => !stored.has(name)),
    outputs: messagesOf(graph, 12).map(declaredValue),
    producer: [2, 3]
      .map((field) => textOf(model, field))
      .join(' ')
      .trim(),
    opset: opsets
      .filter((opset) => textOf(opset, 1) === '')
      .reduce((most, opset) => Math.max(most, numbersOf(opset, 2)[0] ?? 0), 0),
    domains: opsets.map((opset) => textOf(opset, 1)).filter((domain) => domain !== ''),
    parameters,
    multiplies: countMultiplies(graph),
    operators: Object.fromEntries(operators),
    metadata: Object.fromEntries(
      messagesOf(model, 14).map((entry) => [textOf(readFields(entry), 1), textOf(readFields(entry), 2)]),
    ),
  };
}
