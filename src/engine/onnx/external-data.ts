import { dirname, join } from 'node:path';
import { FormatError } from '../../core/errors.js';
import { readRegular } from '../../core/regular-file.js';
import { MessageWriter } from './protobuf.js';
import { editFields, type Field, messagesOf, numbersOf, readFields, textOf } from './protobuf-reader.js';

// Field numbers of onnx.proto.
const model = { graph: 7 } as const;
const graph = { initializer: 5 } as const;
const tensor = { rawData: 9, externalData: 13, dataLocation: 14 } as const;
const EXTERNAL = 1;

/** Most bytes of a model with its weights: what one message can hold. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * The model in `bytes` with the weights that lie in other files beside it put into it, so that its bytes are all of it.
 * A model that has none comes back as it is.
 * @param file where the model lies @throws FormatError when a file of weights is not where it may be, or too short
 */
export function withWeightsInside(bytes: Uint8Array, file: string): Uint8Array {
  if (!hasExternalData(bytes)) return bytes;
  const files = new Map<string, Uint8Array>();
  let total = bytes.length;
  const weightsAt = (location: string): Uint8Array => {
    const known = files.get(location);
    if (known !== undefined) return known;
    if (location === '' || /^([a-z]:)?[\\/]|(^|[\\/])\.\.([\\/]|$)/i.test(location))
      throw new FormatError(`"${file}" keeps weights in "${location}", which is not beside it.`, [
        'Save it with its weights inside, or in a file beside it.',
      ]);
    const read = readRegular(join(dirname(file), location));
    total += read.length;
    if (total > MOST_BYTES)
      throw new FormatError(`"${file}" has more than ${MOST_BYTES} bytes with its weights; at most so many are read.`);
    files.set(location, read);
    return read;
  };
  return editFields(bytes, (field) =>
    field.number !== model.graph
      ? field.value
      : editFields(field.value as Uint8Array, (part) =>
          part.number === graph.initializer ? inside(part.value as Uint8Array, file, weightsAt) : part.value,
        ),
  );
}

function hasExternalData(bytes: Uint8Array): boolean {
  try {
    const [content] = messagesOf(readFields(bytes), model.graph);
    return content !== undefined && messagesOf(readFields(content), graph.initializer).some(isExternal);
  } catch (error) {
    if (error instanceof RangeError) return false; // it is no model: whoever opens it says so
    throw error;
  }
}

const isExternal = (initializer: Uint8Array): boolean =>
  numbersOf(readFields(initializer), tensor.dataLocation).at(-1) === EXTERNAL;

function inside(initializer: Uint8Array, file: string, weightsAt: (location: string) => Uint8Array): Uint8Array {
  if (!isExternal(initializer)) return initializer;
  const fields = readFields(initializer);
  const entries = new Map(
    messagesOf(fields, tensor.externalData).map((entry) => [
      textOf(readFields(entry), 1),
      textOf(readFields(entry), 2),
    ]),
  );
  const location = entries.get('location') ?? '';
  const weights = weightsAt(location);
  const offset = Number(entries.get('offset') ?? 0);
  const length = Number(entries.get('length') ?? weights.length - offset);
  if (!(offset >= 0 && length >= 0 && offset + length <= weights.length))
    throw new FormatError(
      `"${file}": its weights "${location}" are cut short: ${offset + length} bytes were expected.`,
      ['Copy both files again.'],
    );
  const kept = (field: Field): boolean => field.number !== tensor.externalData && field.number !== tensor.dataLocation;
  const writer = new MessageWriter();
  for (const field of fields.filter(kept)) writer.raw(field.number, field.wire, field.value);
  return writer.bytes(tensor.rawData, weights.subarray(offset, offset + length)).finish();
}
