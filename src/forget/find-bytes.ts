import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes read at once, and how far a hit may be looked round. */
const PIECE = 2 ** 22;
const AROUND = 2 ** 15;

/** Many byte strings, looked for in one pass: candidates by their first two bytes. */
export class ByteSearch<T> {
  /** (65536): 0 = nothing begins so, otherwise the place in `beginnings`, from 1. */
  private readonly placeOf = new Uint32Array(2 ** 16);
  private readonly beginnings: { form: Uint8Array; of: T }[][] = [];

  /** @param wanted forms of two bytes or more */
  constructor(wanted: Iterable<readonly [form: Uint8Array, of: T]>) {
    for (const [form, of] of wanted) {
      const beginning = form[0] | (form[1] << 8);
      if (this.placeOf[beginning] === 0) this.placeOf[beginning] = this.beginnings.push([]);
      this.beginnings[this.placeOf[beginning] - 1].push({ form, of });
    }
  }

  /** Tells `hit` of each occurrence in `bytes` that begins in [from, to). */
  inBytes(bytes: Buffer, from: number, to: number, hit: (of: T, at: number, form: Uint8Array) => void): void {
    if (this.beginnings.length === 0) return;
    const { placeOf } = this;
    const last = Math.min(to, bytes.length - 1);
    for (let i = from; i < last; i++) {
      const place = placeOf[bytes[i] | (bytes[i + 1] << 8)];
      if (place === 0) continue;
      for (const { form, of } of this.beginnings[place - 1])
        if (i + form.length <= bytes.length && bytes.compare(form, 0, form.length, i, i + form.length) === 0)
          hit(of, i, form);
    }
  }

  /** The same in a file; what lies round a hit is in `around`. Returns the file's length. */
  inFile(file: string, hit: (of: T, around: Buffer, at: number, form: Uint8Array) => void): number {
    const handle = openSync(file, 'r');
    try {
      const { size } = fstatSync(handle);
      for (let from = 0; from < size; from += PIECE) {
        const start = Math.max(0, from - AROUND);
        const piece = readPiece(handle, start, Math.min(size, from + PIECE + AROUND) - start);
        this.inBytes(piece, from - start, from - start + PIECE, (of, at, form) => hit(of, piece, at, form));
      }
      return size;
    } finally {
      closeSync(handle);
    }
  }
}

function readPiece(handle: number, position: number, length: number): Buffer {
  const piece = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const read = readSync(handle, piece, done, length - done, position + done);
    if (read === 0) break; // it was cut meanwhile
    done += read;
  }
  return piece.subarray(0, done);
}
