import { MessageWriter } from './protobuf.js';

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** One field of a message: numbers as they are, everything else as bytes. */
export interface Field {
  number: number;
  wire: number;
  value: bigint | Uint8Array;
}

/** Most fields of a message, and numbers of a packed one: no network has more, and each takes memory. */
const MOST = 1 << 20;

/** The fields of a message in order. @throws RangeError when the bytes are not a message */
export function readFields(message: Uint8Array): Field[] {
  const bytes = new Uint8Array(message.buffer, message.byteOffset, message.length); // a Buffer's slices are no copies
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      if (at >= bytes.length || shift > 63n) throw new RangeError('cut short');
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new RangeError('cut short');
    return bytes.subarray(at, (at += length));
  };
  while (at < bytes.length) {
    if (fields.length === MOST) throw new RangeError(`it has a part of more than ${MOST} parts`);
    const key = Number(varint());
    const [number, wire] = [key >>> 3, key & 7];
    if (wire === VARINT) fields.push({ number, wire, value: varint() });
    else if (wire === LENGTH_DELIMITED) fields.push({ number, wire, value: take(Number(varint())) });
    else if (wire === FIXED32) fields.push({ number, wire, value: take(4) });
    else if (wire === FIXED64) fields.push({ number, wire, value: take(8) });
    else throw new RangeError(`wire type ${wire}`);
  }
  return fields;
}

/** A message like `bytes`, with each field replaced by what `edit` makes of it. */
export function editFields(bytes: Uint8Array, edit: (field: Field) => Uint8Array | bigint): Uint8Array {
  const writer = new MessageWriter();
  for (const field of readFields(bytes)) writer.raw(field.number, field.wire, edit(field));
  return writer.finish();
}

export const messagesOf = (fields: readonly Field[], number: number): Uint8Array[] =>
  fields
    .filter((field) => field.number === number && field.value instanceof Uint8Array)
    .map(({ value }) => value as Uint8Array);

export const numbersOf = (fields: readonly Field[], number: number): number[] =>
  fields.flatMap((field) =>
    field.number !== number
      ? []
      : typeof field.value === 'bigint'
        ? [Number(BigInt.asIntN(64, field.value))]
        : packedVarints(field.value),
  );

/** 32-bit floats, each in a field of its own or packed into one. */
export const floatsOf = (fields: readonly Field[], number: number): number[] =>
  messagesOf(fields, number).flatMap((bytes) => [...new Float32Array(bytes.slice(0, bytes.length & ~3).buffer)]);

/** Repeated numbers may be packed into one field. */
function packedVarints(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte >= 0x80) continue;
    if (numbers.length === MOST) throw new RangeError(`it has a list of more than ${MOST} numbers`);
    numbers.push(Number(BigInt.asIntN(64, value)));
    [value, shift] = [0n, 0n];
  }
  return numbers;
}

export const textOf = (fields: readonly Field[], number: number): string =>
  new TextDecoder().decode(messagesOf(fields, number)[0] ?? new Uint8Array());
