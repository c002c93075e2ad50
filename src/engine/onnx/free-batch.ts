import { editFields, type Field, messagesOf, readFields, textOf } from './protobuf-reader.js';

// Field numbers of onnx.proto.
const model = { graph: 7 } as const;
const graph = { node: 1, initializer: 5, input: 11, output: 12 } as const;

/**
 * The model with its batch of one set free: the first side of its inputs and outputs loses its number, and reshapes
 * that spell the batch out take it over from their input instead. Whether the result still computes the same is for
 * the caller to try.
 */
export function freeBatch(bytes: Uint8Array): Uint8Array {
  return editFields(bytes, (field) => {
    if (field.number !== model.graph) return field.value;
    const shapes = reshapeShapes(readFields(field.value as Uint8Array));
    return editFields(field.value as Uint8Array, (part) => {
      if (part.number === graph.input || part.number === graph.output) return freedValue(part.value as Uint8Array);
      if (part.number === graph.initializer) return freedShape(part.value as Uint8Array, shapes);
      return part.value;
    });
  });
}

/** Names of the constants that say what reshapes make. */
const reshapeShapes = (fields: readonly Field[]): Set<string> =>
  new Set(
    messagesOf(fields, graph.node)
      .map((bytes) => readFields(bytes))
      .filter((node) => textOf(node, 4) === 'Reshape')
      .map((node) => new TextDecoder().decode(messagesOf(node, 1)[1])),
  );

/** ValueInfo.type(2).tensor_type(1).shape(2).dim(1): the first becomes a named side. */
function freedValue(bytes: Uint8Array): Uint8Array {
  const inside = (number: number, edit: (value: Uint8Array) => Uint8Array) => (field: Field) =>
    field.number === number ? edit(field.value as Uint8Array) : field.value;
  let first = true;
  const dimension = (value: Uint8Array): Uint8Array => {
    if (!first) return value;
    first = false;
    const name = new TextEncoder().encode('batch');
    return Uint8Array.from([(2 << 3) | 2, name.length, ...name]); // dim_param
  };
  const shape = (value: Uint8Array): Uint8Array => editFields(value, inside(1, dimension));
  const tensor = (value: Uint8Array): Uint8Array => editFields(value, inside(2, shape));
  const type = (value: Uint8Array): Uint8Array => editFields(value, inside(1, tensor));
  return editFields(bytes, inside(2, type));
}

/** An int64 shape (1, ...) as (0, ...): 0 copies the input's side. */
function freedShape(bytes: Uint8Array, shapes: ReadonlySet<string>): Uint8Array {
  const fields = readFields(bytes);
  if (!shapes.has(textOf(fields, 8))) return bytes;
  return editFields(bytes, (field) => {
    if (field.number !== 9 || !(field.value instanceof Uint8Array)) return field.value; // raw_data
    const raw = field.value.slice();
    if (new DataView(raw.buffer, raw.byteOffset).getBigInt64(0, true) === 1n) raw[0] = 0;
    return raw;
  });
}
