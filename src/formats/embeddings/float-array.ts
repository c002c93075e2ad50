import { fstatSync } from 'node:fs';
import { FormatError } from '../../core/errors.js';
import { readUpTo } from '../../core/read-fully.js';

/** Kinds of numbers that features are read from, little-endian. */
export type FloatKind = 'float16' | 'bfloat16' | 'float32' | 'float64';

const bytesOf: Record<FloatKind, number> = { float16: 2, bfloat16: 2, float32: 4, float64: 8 };

/** Numbers converted at once. */
const PIECE = 2 ** 20;
/** Bytes of the largest matrix: 2 GiB times two, twice a million rows of 512. */
const MOST_BYTES = 2 ** 32;

/**
 * Reads `shape` numbers from byte `position` of an open file, as float32.
 *
 * @param shape (N, D)
 * @throws FormatError if the file does not end where the matrix does, or the matrix is too large
 */
export function readFloats(
  handle: number,
  position: number,
  [rows, dimensions]: readonly [number, number],
  kind: FloatKind,
  file: string,
): Float32Array {
  const count = rows * dimensions;
  const held = fstatSync(handle).size - position;
  if (held < count * bytesOf[kind])
    throw new FormatError(
      `"${file}" is cut short: its matrix of ${rows} x ${dimensions} ${kind} numbers takes ${count * bytesOf[kind]} bytes, and it holds ${held}.`,
      ['Write the file again.'],
    );
  if (count * 4 > MOST_BYTES)
    throw new FormatError(`"${file}" holds ${rows} x ${dimensions} numbers: too many to read at once.`);
  const values = new Float32Array(count);
  const piece = new Uint8Array(Math.min(count, PIECE) * bytesOf[kind]);
  for (let done = 0; done < count; done += PIECE) {
    const numbers = Math.min(PIECE, count - done);
    const bytes = piece.subarray(0, numbers * bytesOf[kind]);
    readUpTo(handle, position + done * bytesOf[kind], bytes, file);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i < numbers; i++) values[done + i] = numberAt[kind](view, i);
  }
  return values;
}

const bits = new DataView(new ArrayBuffer(4));

const numberAt: Record<FloatKind, (view: DataView, i: number) => number> = {
  float16: (view, i) => halfOf(view.getUint16(2 * i, true)),
  bfloat16(view, i) {
    bits.setUint32(0, view.getUint16(2 * i, true) << 16);
    return bits.getFloat32(0);
  },
  float32: (view, i) => view.getFloat32(4 * i, true),
  float64: (view, i) => view.getFloat64(8 * i, true),
};

/** Returns the number that the 16 bits of an IEEE 754 half mean. */
function halfOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
