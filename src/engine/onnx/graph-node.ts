import { messagesOf, numbersOf, readFields, textOf } from './protobuf-reader.js';

/** A node of a graph as a file has it. */
export interface GraphNode {
  op: string;
  inputs: string[];
  outputs: string[];
  /** Whole numbers of its attributes, one or several. */
  numbers: Record<string, number[]>;
  texts: Record<string, string>;
  /** Its constant, when it is one of a few whole numbers. */
  constant?: SmallConstant;
  /** It runs graphs of its own. */
  hasGraphs: boolean;
}

/** A tensor's shape and, where they are few and whole, its numbers. */
export interface SmallConstant {
  name: string;
  shape: number[];
  values?: number[];
}

/** NodeProto: input(1), output(2), op_type(4), attribute(5) with name(1), i(3), s(4), t(5), g(6), ints(8), graphs(11). */
export function graphNode(bytes: Uint8Array): GraphNode {
  const fields = readFields(bytes);
  const texts = (number: number): string[] => messagesOf(fields, number).map((text) => new TextDecoder().decode(text));
  const node: GraphNode = {
    ...{ op: textOf(fields, 4), inputs: texts(1), outputs: texts(2) },
    ...{ numbers: {}, texts: {}, hasGraphs: false },
  };
  for (const attribute of messagesOf(fields, 5).map((bytes) => readFields(bytes))) {
    const name = textOf(attribute, 1);
    const numbers = [...numbersOf(attribute, 3), ...numbersOf(attribute, 8)];
    if (numbers.length > 0) node.numbers[name] = numbers;
    const text = textOf(attribute, 4);
    if (text !== '') node.texts[name] = text;
    const [tensor] = messagesOf(attribute, 5);
    if (tensor) node.constant = smallConstant(tensor);
    if (messagesOf(attribute, 6).length + messagesOf(attribute, 11).length > 0) node.hasGraphs = true;
  }
  return node;
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
