import { type OnnxInitializer, type OnnxNode, initializerMessage, nodeMessage } from './onnx-writer.js';
import { MessageWriter } from './protobuf.js';
import { editFields, messagesOf, numbersOf, readFields, textOf } from './protobuf-reader.js';

const FLOAT = 1;

/**
 * The model with every PRelu of constant slopes a written as (1 - a) * max(x, 0) + a * x, the products as depthwise
 * convolutions of one position: ONNX Runtime keeps these in the blocked layout of the convolutions around them, where
 * its own PRelu takes several times as long and forces a reordering before and after.
 */
export function splitPrelu(bytes: Uint8Array): Uint8Array {
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
    const tensor = readFields(bytes);
    const sides = numbersOf(tensor, 1);
    const [raw] = messagesOf(tensor, 9);
    const perChannel = sides.length === 3 && sides[1] * sides[2] === 1;
    if (perChannel && raw && numbersOf(tensor, 2)[0] === FLOAT)
      slopes.set(textOf(tensor, 8), new Float32Array(raw.slice().buffer));
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
  const filter = (part: string, values: Float32Array<ArrayBuffer>): OnnxInitializer => ({
    name: named(part),
    shape: [channels, 1, 1, 1],
    type: 'float32',
    bytes: new Uint8Array(values.buffer),
  });
  const scaled = (from: string, by: string, to: string): OnnxNode => ({
    op: 'Conv',
    inputs: [from, named(by)],
    outputs: [named(to)],
    attributes: { group: channels, kernel_shape: [1, 1] },
  });
  return {
    constants: [filter('below', slope.slice()), filter('rise', slope.map((a) => 1 - a) as Float32Array<ArrayBuffer>)],
    nodes: [
      { op: 'Relu', inputs: [x], outputs: [named('positive')], attributes: {} },
      scaled(named('positive'), 'rise', 'risen'),
      scaled(x, 'below', 'lowered'),
      { op: 'Add', inputs: [named('risen'), named('lowered')], outputs: [output], attributes: {} },
    ],
  };
}
