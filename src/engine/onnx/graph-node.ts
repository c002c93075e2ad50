import { sizeOf } from '../program.js';
import { floatsOf, messagesOf, numbersOf, readFields, textOf } from './protobuf-reader.js';

/** A node of a graph as a file has it. */
export interface GraphNode {
  /** May be empty. */
  name: string;
  op: string;
  /** Empty for the operators of ONNX itself. */
  domain: string;
  inputs: string[];
  outputs: string[];
  /** Whole numbers of its attributes, one or several. */
  numbers: Record<string, number[]>;
  /** Its attributes that are one number that need not be whole. */
  fractions: Record<string, number>;
  texts: Record<string, string>;
  /** The tensor among its attributes, as a Constant has it. */
  constant?: SmallConstant & { weight?: Weight };
  /** It runs graphs of its own. */
  hasGraphs: boolean;
}

/** A tensor's shape and, where they are few and whole, its numbers. */
export interface SmallConstant {
  name: string;
  shape: number[];
  values?: number[];
}

/**
 * NodeProto: input(1), output(2), name(3), op_type(4), attribute(5), domain(7); attributes with name(1), f(2), i(3), s(4), t(5),
 * g(6), ints(8), graphs(11).
 */
export function graphNode(bytes: Uint8Array): GraphNode {
  const fields = readFields(bytes);
  const texts = (number: number): string[] => messagesOf(fields, number).map((text) => new TextDecoder().decode(text));
  const node: GraphNode = {
    ...{ name: textOf(fields, 3), op: textOf(fields, 4), domain: textOf(fields, 7) },
    ...{ inputs: texts(1), outputs: texts(2), numbers: {}, fractions: {}, texts: {}, hasGraphs: false },
  };
  for (const attribute of messagesOf(fields, 5).map((bytes) => readFields(bytes))) {
    const name = textOf(attribute, 1);
    const numbers = [...numbersOf(attribute, 3), ...numbersOf(attribute, 8)];
    if (numbers.length > 0) node.numbers[name] = numbers;
    const [fraction] = floatsOf(attribute, 2);
    if (fraction !== undefined) node.fractions[name] = fraction;
    const text = textOf(attribute, 4);
    if (text !== '') node.texts[name] = text;
    const [tensor] = messagesOf(attribute, 5);
    if (tensor) node.constant = { ...smallConstant(tensor), weight: storedWeight(tensor) };
    if (messagesOf(attribute, 6).length + messagesOf(attribute, 11).length > 0) node.hasGraphs = true;
  }
  return node;
}

/** Numbers of a model, in ONNX's order of axes. */
export interface Weight {
  shape: number[];
  values: Float32Array;
}

const FLOAT = 1;

/** TensorProto: dims(1), data_type(2), float_data(4), raw_data(9). Undefined when it does not hold float32. @throws RangeError */
export function storedWeight(bytes: Uint8Array): Weight | undefined {
  const fields = readFields(bytes);
  if (numbersOf(fields, 2)[0] !== FLOAT) return undefined;
  const [shape, [raw]] = [numbersOf(fields, 1), messagesOf(fields, 9)];
  const values = raw ? new Float32Array(raw.slice().buffer) : Float32Array.from(floatsOf(fields, 4));
  if (values.length !== sizeOf(shape)) throw new RangeError(`"${textOf(fields, 8)}" is cut short`);
  return { shape, values };
}

const INT64 = 7;
/** A shape has fewer sides. */
const FEW = 64;

/** TensorProto: dims(1), data_type(2), int64_data(7), name(8), raw_data(9). */
export function smallConstant(bytes: Uint8Array): SmallConstant {
  const fields = readFields(bytes);
  const [name, shape, [raw]] = [textOf(fields, 8), numbersOf(fields, 1), messagesOf(fields, 9)];
  if (numbersOf(fields, 2)[0] !== INT64) return { name, shape };
  if (!raw) {
    const isLong = messagesOf(fields, 7).some((packed) => packed.length > FEW);
    return isLong ? { name, shape } : { name, shape, values: numbersOf(fields, 7) };
  }
  if (raw.length > 8 * FEW || raw.length % 8 !== 0) return { name, shape };
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  const values = Array.from({ length: raw.length / 8 }, (_, i) => Number(view.getBigInt64(8 * i, true)));
  return { name, shape, values };
}
