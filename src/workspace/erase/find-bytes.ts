import { closeSync, fstatSync, openSync } from 'node:fs';
import { readUpTo } from '../../core/read-fully.js';

/** Bytes read at once, and how far a hit may be looked round. */
const PIECE = 2 ** 22;
const AROUND = 2 ** 15;

interface Wanted<T> {
  form: Uint8Array;
  of: T;
}

/**
 * Many byte strings, looked for in one pass (Wu and Manber 1994): two bytes at the end of a window as long as the shortest
 * string tell how far the window may move without missing any.
 */
export class ByteSearch<T> {
  /** Length of the window. */
  private readonly window: number;
  /** (65536) by two bytes: how far the window may move when they are its last. */
  private readonly moves: Uint8Array;
  /** Strings by the two bytes at the end of the window. */
  private readonly endingIn = new Map<number, Wanted<T>[]>();

  /** @param wanted forms of two bytes or more */
  constructor(wanted: Iterable<readonly [form: Uint8Array, of: T]>) {
    const all = [...wanted].map(([form, of]): Wanted<T> => ({ form, of }));
    this.window = all.reduce((least, { form }) => Math.min(least, form.length), 255);
    this.moves = new Uint8Array(2 ** 16).fill(this.window - 1);
    for (const one of all) {
      for (let i = 0; i + 2 <= this.window; i++) {
        const two = twoAt(one.form, i);
        this.moves[two] = Math.min(this.moves[two], this.window - 2 - i);
      }
      const last = twoAt(one.form, this.window - 2);
      this.endingIn.set(last, [...(this.endingIn.get(last) ?? []), one]);
    }
  }

  /** Tells `hit` of each occurrence in `bytes` that begins in [from, to). */
  inBytes(bytes: Uint8Array, from: number, to: number, hit: (of: T, at: number, form: Uint8Array) => void): void {
    if (this.endingIn.size === 0) return;
    const { moves, window } = this;
    const end = Math.min(to - 1 + window, bytes.length); // of the last window
    for (let i = from + window; i <= end;) {
      const two = bytes[i - 2] | (bytes[i - 1] << 8);
      const move = moves[two];
      if (move === 0) {
        const at = i - window;
        for (const { form, of } of this.endingIn.get(two) ?? []) if (isAt(bytes, at, form)) hit(of, at, form);
      }
      i += move || 1;
    }
  }

  /** The same in a file; what lies round a hit is in `around`. Returns the file's length. */
  inFile(file: string, hit: (of: T, around: Buffer, at: number, form: Uint8Array) => void): number {
    const handle = openSync(file, 'r');
    try {
      const { size } = fstatSync(handle);
      for (let from = 0; from < size; from += PIECE) {
        const start = Math.max(0, from - AROUND);
        const whole = Buffer.allocUnsafe(Math.min(size, from + PIECE + AROUND) - start);
        const piece = whole.subarray(0, readUpTo(handle, start, whole, file)); // it may be cut meanwhile
        this.inBytes(piece, from - start, from - start + PIECE, (of, at, form) => hit(of, piece, at, form));
      }
      return size;
    } finally {
      closeSync(handle);
    }
  }
}

const twoAt = (bytes: Uint8Array, i: number): number => bytes[i] | (bytes[i + 1] << 8);

function isAt(bytes: Uint8Array, at: number, form: Uint8Array): boolean {
  if (at + form.length > bytes.length) return false;
  for (let i = 0; i < form.length; i++) if (bytes[at + i] !== form[i]) return false;
  return true;
}
