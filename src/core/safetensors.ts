import { readFileSync } from 'node:fs';
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

/** @throws FormatError when the file is cut short or of another kind */
export function readTensors(file: string): TensorFile {
  const bytes = readFileSync(file);
  try {
    const length = Number(bytes.readBigUInt64LE(0));
    const { __metadata__: metadata = {}, ...entries } = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Header;
    const tensors: Record<string, StoredTensor> = {};
    for (const [name, entry] of Object.entries(entries)) {
      const { shape, data_offsets } = entry as { shape: number[]; data_offsets: [number, number] };
      const [from, to] = data_offsets.map((offset) => 8 + length + offset);
      if (to > bytes.length) throw new RangeError('cut short');
      tensors[name] = { shape, data: new Float32Array(Uint8Array.from(bytes.subarray(from, to)).buffer) };
    }
    return { tensors, metadata: metadata as Record<string, string> };
  } catch (error) {
    throw new FormatError(`"${file}" is not a whole tensor file (${(error as Error).message}).`, [
      'Run the stage that wrote it again with --force.',
    ]);
  }
}
