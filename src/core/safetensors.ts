import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { writeAtomically } from './atomic-write.js';
import { FormatError } from './errors.js';

export interface StoredTensor {
  shape: number[];
  data: Float32Array;
}

export interface TensorFile {
  tensors: Record<string, StoredTensor>;
  metadata: Record<string, string>;
}

interface Header {
  [name: string]: { dtype: 'F32'; shape: number[]; data_offsets: [number, number] } | Record<string, string>;
}

/** Writes float32 tensors as a safetensors file: 8-byte length, JSON header, raw values. Atomic. */
export function writeTensors(file: string, { tensors, metadata }: TensorFile): void {
  const header: Header = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const text = JSON.stringify(header);
  const json = Buffer.from(text.padEnd(text.length + (8 - (Buffer.byteLength(text) % 8))));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const values = Object.values(tensors).map(
    ({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  );
  writeAtomically(file, length, json, ...values);
}

/** What tensors a file holds, (rows, ...) each, without reading them. @throws FormatError */
export function tensorShapes(file: string): Record<string, number[]> {
  return fromFile(file, (handle) =>
    Object.fromEntries(
      Object.entries(readHeader(handle).entries).map(([name, { shape }]) => [name, shape] as [string, number[]]),
    ),
  );
}

export interface ReadOptions {
  /** Tensors that are wanted; the others are not read. */
  only?: readonly string[];
  /** Put them into memory that threads share. */
  shared?: boolean;
}

/** Bytes read at once. */
const PIECE = 2 ** 26;

/** @throws FormatError when the file is cut short or of another kind */
export const readTensors = (file: string, { only, shared = false }: ReadOptions = {}): TensorFile =>
  fromFile(file, (handle) => {
    const { start, metadata, entries } = readHeader(handle);
    const tensors: Record<string, StoredTensor> = {};
    for (const [name, { shape, data_offsets }] of Object.entries(entries)) {
      if (only && !only.includes(name)) continue;
      const [from, to] = data_offsets;
      const memory = shared ? new SharedArrayBuffer(to - from) : new ArrayBuffer(to - from);
      tensors[name] = { shape, data: new Float32Array(readBytes(handle, start + from, memory)) };
    }
    return { tensors, metadata };
  });

function fromFile<R>(file: string, read: (handle: number) => R): R {
  const handle = openSync(file, 'r');
  try {
    return read(handle);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EIO') throw error; // the disk's fault, not the file's
    throw new FormatError(`"${file}" is not a whole tensor file (${(error as Error).message}).`, [
      'Run the stage that wrote it again with --force.',
    ]);
  } finally {
    closeSync(handle);
  }
}

/** The header, and where the values start. */
function readHeader(handle: number) {
  const length = Number(Buffer.from(readBytes(handle, 0, new ArrayBuffer(8))).readBigUInt64LE(0));
  if (8 + length > fstatSync(handle).size) throw new RangeError('cut short');
  const header = Buffer.from(readBytes(handle, 8, new ArrayBuffer(length))).toString('utf8');
  const { __metadata__: metadata = {}, ...entries } = JSON.parse(header) as Header;
  return {
    start: 8 + length,
    metadata: metadata as Record<string, string>,
    entries: entries as Record<string, { shape: number[]; data_offsets: [number, number] }>,
  };
}

/** Fills `memory` with what lies at `position`. @throws RangeError */
function readBytes<M extends ArrayBufferLike>(handle: number, position: number, memory: M): M {
  for (let done = 0; done < memory.byteLength;) {
    const piece = new Uint8Array(memory, done, Math.min(PIECE, memory.byteLength - done));
    const read = readSync(handle, piece, 0, piece.length, position + done);
    if (read === 0) throw new RangeError('cut short');
    done += read;
  }
  return memory;
}
