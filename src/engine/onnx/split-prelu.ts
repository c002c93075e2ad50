import { storedWeight } from './graph-node.js';
import { type OnnxInitializer, type OnnxNode, initializerMessage, nodeMessage } from './onnx-writer.js';
import { MessageWriter } from './protobuf.js';
import { editFields, messagesOf, numbersOf, readFields, textOf } from './protobuf-reader.js';

/**
 * The model with every PRelu of constant slopes a written as max(x, 0) - a * max(-x, 0), the products as depthwise
 * convolutions of one position: ONNX Runtime keeps these in the blocked layout of the convolutions around them, where
 * its own PRelu takes several times as long and forces a reordering before and after. One of the two parts is always
 * zero, so every bit is as PRelu leaves it. A model that has none comes back as it is.
 */
export function splitPrelu(bytes: Uint8Array): Uint8Array {
  const [graph] = messagesOf(readFields(bytes), 7);
  if (!graph || !messagesOf(readFields(graph), 1).some((node) => textOf(readFields(node), 4) === 'PRelu')) return bytes;
  return editFields(bytes, (field) => (field.number === 7 ? splitInGraph(field.value as Uint8Array) : field.value));
}

function splitInGraph(graph: Uint8Array): Uint8Array {
  const fields = readFields(graph);
  const slopes = slopesOf(messagesOf(fields, 5));
  const writer = new MessageWriter();
  for (const { number, wire, value } of fields) {
    const node = number === 1 ? readFields(value as Uint8Array) : [];
    const [x, slopeName] = messagesOf(node, 1).map((name) => new TextDecoder().decode(name));
    const slope = textOf(node, 4) === 'PRelu' ? slopes.get(slopeName) : undefined;
    if (!slope) writer.raw(number, wire, value);
    else {
      const { nodes, constants } = spelledOut(x, textOf(node, 2), slope);
      for (const one of nodes) writer.message(1, nodeMessage(one));
      for (const one of constants) writer.message(5, initializerMessage(one));
    }
  }
  return writer.finish();
}

/** Float constants with one value a channel, (C, 1, 1), by name. */
function slopesOf(tensors: readonly Uint8Array[]): Map<string, Float32Array> {
  const slopes = new Map<string, Float32Array>();
  for (const bytes of tensors) {
    const sides = numbersOf(readFields(bytes), 1);
    const weight = sides.length === 3 && sides[1] * sides[2] === 1 ? storedWeight(bytes) : undefined;
    if (weight) slopes.set(textOf(readFields(bytes), 8), weight.values);
  }
  return slopes;
}

function spelledOut(
  x: string,
  output: string,
  slope: Float32Array,
): { nodes: OnnxNode[]; constants: OnnxInitializer[] } {
  const channels = slope.length;
  const named = (part: string): string => `${output}/${part}`;
  const filter = (part: string, values: Float32Array): OnnxInitializer => ({
    name: named(part),
    shape: [channels, 1, 1, 1],
    type: 'float32',
    bytes: new Uint8Array(values.slice().buffer),
  });
  const node = (op: string, inputs: string[], part: string, attributes: OnnxNode['attributes'] = {}): OnnxNode => ({
    ...{ op, attributes, inputs: inputs.map((input) => (input === x ? x : named(input))) },
    outputs: [part === '' ? output : named(part)],
  });
  const perChannel = { group: channels, kernel_shape: [1, 1] };
  return {
    constants: [
      filter('minus', new Float32Array(channels).fill(-1)),
      filter(
        'slope',
        slope.map((a) => -a),
      ),
    ],
    nodes: [
      node('Relu', [x], 'above'),
      node('Conv', [x, 'minus'], 'turned', perChannel),
      node('Relu', ['turned'], 'below'),
      node('Conv', ['below', 'slope'], 'scaled', perChannel),
      node('Add', ['above', 'scaled'], ''),
    ],
  };
}
