import { MessageWriter } from './protobuf.js';

/** ONNX element types (onnx.proto, TensorProto.DataType). */
export const elementTypes = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 } as const;
export type ElementType = keyof typeof elementTypes;

/** Whole numbers are written as INT, others as FLOAT: wrap a float that may be whole in {@link FloatAttribute}. */
export class FloatAttribute {
  constructor(readonly value: number) {}
}
export type AttributeValue = number | string | readonly number[] | FloatAttribute;

export interface OnnxNode {
  op: string;
  inputs: string[];
  outputs: string[];
  attributes: Record<string, AttributeValue>;
  /** Operators outside ONNX's own set: ONNX Runtime's blocked convolutions, its fused products. */
  domain?: OnnxDomain;
}

export type OnnxDomain = 'com.microsoft' | 'com.microsoft.nchwc';

export interface OnnxValue {
  name: string;
  /** A named side is not fixed. */
  shape: readonly (number | string)[];
  type: ElementType;
}

export interface OnnxInitializer {
  name: string;
  shape: readonly number[];
  type: ElementType;
  bytes: Uint8Array;
}

export interface OnnxGraph {
  nodes: OnnxNode[];
  initializers: OnnxInitializer[];
  inputs: OnnxValue[];
  outputs: OnnxValue[];
  /** Facts about the model, for whoever reads the file. */
  metadata?: Record<string, string>;
}

const IR_VERSION = 8;
export const OPSET = 17;

/** Serialises `graph` as an ONNX ModelProto, opset {@link OPSET}. */
export function writeOnnx(graph: OnnxGraph): Uint8Array {
  const body = new MessageWriter();
  for (const node of graph.nodes) body.message(1, nodeMessage(node));
  body.text(2, 'facesieve');
  for (const initializer of graph.initializers) body.message(5, initializerMessage(initializer));
  for (const input of graph.inputs) body.message(11, valueMessage(input));
  for (const output of graph.outputs) body.message(12, valueMessage(output));

  const model = new MessageWriter().integer(1, IR_VERSION).text(2, 'facesieve').message(7, body);
  model.message(8, new MessageWriter().text(1, '').integer(2, OPSET));
  const domains = new Set(graph.nodes.flatMap(({ domain }) => domain ?? []));
  for (const domain of domains) model.message(8, new MessageWriter().text(1, domain).integer(2, 1));
  for (const [key, value] of Object.entries(graph.metadata ?? {}))
    model.message(14, new MessageWriter().text(1, key).text(2, value));
  return model.finish();
}

export function nodeMessage(node: OnnxNode): MessageWriter {
  const message = new MessageWriter();
  for (const input of node.inputs) message.text(1, input);
  for (const output of node.outputs) message.text(2, output);
  message.text(3, node.outputs[0]).text(4, node.op);
  for (const [name, value] of Object.entries(node.attributes)) message.message(5, attributeMessage(name, value));
  if (node.domain) message.text(7, node.domain);
  return message;
}

export function attributeMessage(name: string, value: AttributeValue): MessageWriter {
  const message = new MessageWriter().text(1, name);
  if (value instanceof FloatAttribute) return message.float(2, value.value).integer(20, 1);
  if (typeof value === 'number') return message.integer(3, value).integer(20, 2);
  if (typeof value === 'string') return message.text(4, value).integer(20, 3);
  for (const item of value) message.integer(8, item);
  return message.integer(20, 7);
}

export function initializerMessage(initializer: OnnxInitializer): MessageWriter {
  const message = new MessageWriter();
  for (const side of initializer.shape) message.integer(1, side);
  return message.integer(2, elementTypes[initializer.type]).text(8, initializer.name).bytes(9, initializer.bytes);
}

export function valueMessage(value: OnnxValue): MessageWriter {
  const shape = new MessageWriter();
  for (const side of value.shape) {
    const dimension = new MessageWriter();
    shape.message(1, typeof side === 'string' ? dimension.text(2, side) : dimension.integer(1, side));
  }
  const tensor = new MessageWriter().integer(1, elementTypes[value.type]).message(2, shape);
  return new MessageWriter().text(1, value.name).message(2, new MessageWriter().message(1, tensor));
}
