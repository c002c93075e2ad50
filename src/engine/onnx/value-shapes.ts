import { elementTypes } from './onnx-writer.js';
import { messagesOf, numbersOf, readFields, textOf } from './protobuf-reader.js';

/** A value of a graph as the file declares it. */
export interface DeclaredValue {
  name: string;
  /** `not a tensor` for sequences, maps and optional values. */
  type: string;
  /** A named side is not fixed; `?` where nothing is said. */
  shape: (number | string)[];
}

/** The rest of onnx.proto's TensorProto.DataType, beside those that are written here. */
const typeNames: Readonly<Record<number, string>> = {
  ...Object.fromEntries(Object.entries(elementTypes).map(([name, number]) => [number, name])),
  ...{ 3: 'int8', 4: 'uint16', 5: 'int16', 8: 'string', 10: 'float16', 11: 'float64', 12: 'uint32', 13: 'uint64' },
  ...{ 14: 'complex64', 15: 'complex128', 16: 'bfloat16' },
};

/** Of ValueInfoProto: name(1), type(2).tensor_type(1) with elem_type(1) and shape(2).dim(1), a number(1) or a name(2). */
export function declaredValue(bytes: Uint8Array): DeclaredValue {
  const fields = readFields(bytes);
  const [type] = messagesOf(fields, 2);
  const [tensor] = type ? messagesOf(readFields(type), 1) : [];
  const name = textOf(fields, 1);
  if (!tensor) return { name, type: 'not a tensor', shape: [] };
  const parts = readFields(tensor);
  const number = numbersOf(parts, 1)[0] ?? 0;
  const [shape] = messagesOf(parts, 2);
  const sides = shape ? messagesOf(readFields(shape), 1).map(sideOf) : [];
  return { name, type: typeNames[number] ?? `type ${number}`, shape: sides };
}

function sideOf(bytes: Uint8Array): number | string {
  const fields = readFields(bytes);
  return numbersOf(fields, 1)[0] ?? (textOf(fields, 2) || '?');
}

/** Sides of a tensor for one image: what is not fixed is one. */
export const sidesOf = ({ shape }: Pick<DeclaredValue, 'shape'>): number[] =>
  shape.map((side) => (typeof side === 'number' && side > 0 ? side : 1));
