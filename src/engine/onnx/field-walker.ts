const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Bytes that need not be in memory. */
export interface Bytes {
  length: number;
  /** Fills `into` from byte `at` on; what lies behind the end stays as it is. */
  read(at: number, into: Uint8Array): unknown;
}

/** A field of a message: where its content lies. Numbers lie there as they are encoded. */
export interface FieldPlace {
  number: number;
  start: number;
  end: number;
}

/** A key and a length take ten bytes each at most. */
const HEAD = 20;
/** More fields than a model's message has. */
const MOST_FIELDS = 1_000_000;

/**
 * Tells `visit` where each field of the message in [from, to) lies, without reading what is in it.
 * @throws RangeError when the bytes are not a message
 */
export function walkFields(bytes: Bytes, from: number, to: number, visit: (field: FieldPlace) => void): void {
  const head = new Uint8Array(HEAD);
  for (let at = from, count = 0; at < to; count++) {
    if (count === MOST_FIELDS) throw new RangeError(`it has more than ${MOST_FIELDS} parts`);
    bytes.read(at, head);
    const key = varint(head, 0);
    const wire = key.value & 7;
    let start = at + key.length;
    let end = start;
    if (wire === LENGTH_DELIMITED) {
      const length = varint(head, key.length);
      start += length.length;
      end = start + length.value;
    } else if (wire === VARINT) end += varint(head, key.length).length;
    else if (wire === FIXED32) end += 4;
    else if (wire === FIXED64) end += 8;
    else throw new RangeError('its parts are of no known kind');
    if (end > to) throw new RangeError('it is cut short');
    if (wire === LENGTH_DELIMITED) visit({ number: Math.floor(key.value / 8), start, end });
    at = end;
  }
}

/** @returns the number, which loses digits above 2^53, and how many bytes it takes */
function varint(bytes: Uint8Array, from: number): { value: number; length: number } {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    value += (bytes[from + i] & 0x7f) * 2 ** (7 * i);
    if (bytes[from + i] < 0x80) return { value, length: i + 1 };
  }
  throw new RangeError('a number in it does not end');
}
