import { closeSync, fstatSync, openSync } from 'node:fs';
import { writePrivately } from './atomic-write.js';
import { checkOnce, crc32c, piecesOf } from './checksum.js';
import { FormatError } from './errors.js';
import { readFully } from './read-fully.js';
import { blocksOf, type Matrix, sharedNumbers, zeroRows } from './vectors.js';

export interface StoredTensor {
  shape: number[];
  data: Float32Array;
}

/** What a tensor file is written of: numbers in one array, or one after another in several. */
export type TensorToWrite = StoredTensor | { shape: number[]; blocks: readonly Float32Array[] };

export interface TensorFile<T = StoredTensor> {
  tensors: Record<string, T>;
  metadata: Record<string, string>;
}

interface Header {
  [name: string]: { dtype: 'F32'; shape: number[]; data_offsets: [number, number] } | Record<string, string>;
}

/** Metadata that holds the CRC-32C of the whole file, in hexadecimal, made with zeros in its own place. */
const CHECKSUM = 'facesieve.crc32c';
const NO_CHECKSUM = '00000000';

/** Writes float32 tensors as a safetensors file: 8-byte length, JSON header, raw values. Atomic; carries its checksum. */
export function writeTensors(file: string, { tensors, metadata }: TensorFile<TensorToWrite>): void {
  const header: Header = { __metadata__: { [CHECKSUM]: NO_CHECKSUM, ...metadata } };
  let offset = 0;
  for (const [name, tensor] of Object.entries(tensors)) {
    const end = arraysOf(tensor).reduce((sum, { byteLength }) => sum + byteLength, offset);
    header[name] = { dtype: 'F32', shape: tensor.shape, data_offsets: [offset, end] };
    offset = end;
  }
  const text = JSON.stringify(header);
  const json = Buffer.from(text.padEnd(text.length + (8 - (Buffer.byteLength(text) % 8))));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const values = Object.values(tensors)
    .flatMap(arraysOf)
    .map((array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  const sum = [length, json, ...values].reduce((before, part) => crc32c(part, before), 0);
  json.write(hexadecimal(sum), json.indexOf(CHECKSUM) + CHECKSUM.length + 3);
  writePrivately(file, length, json, ...values);
}

const arraysOf = (tensor: TensorToWrite): readonly Float32Array[] => ('data' in tensor ? [tensor.data] : tensor.blocks);

const hexadecimal = (sum: number): string => sum.toString(16).padStart(NO_CHECKSUM.length, '0');

/** What tensors a file holds, (rows, ...) each, without reading them. @throws FormatError */
export function tensorShapes(file: string): Record<string, number[]> {
  return fromFile(file, (handle) =>
    Object.fromEntries(
      Object.entries(readHeader(handle, file).entries).map(([name, { shape }]) => [name, shape] as [string, number[]]),
    ),
  );
}

export interface ReadOptions {
  /** Tensors that are wanted; the others are not read. */
  only?: readonly string[];
}

/** Reads a file after comparing it with its checksum, once a process. @throws FormatError when it is damaged, cut short or of another kind */
export function readTensors(file: string, { only }: ReadOptions = {}): TensorFile {
  refuseDamaged(file);
  return fromFile(file, (handle) => {
    const { start, metadata, entries } = readHeader(handle, file);
    const tensors: Record<string, StoredTensor> = {};
    for (const [name, { shape, data_offsets }] of Object.entries(entries)) {
      if (only && !only.includes(name)) continue;
      const [from, to] = data_offsets;
      const memory = readFully(handle, start + from, new Uint8Array(to - from), file);
      tensors[name] = { shape, data: new Float32Array(memory.buffer) };
    }
    delete metadata[CHECKSUM];
    return { tensors, metadata };
  });
}

/**
 * Reads a tensor (rows, D) block by block, into memory that threads share; undefined where the file has none of that name. Compares the
 * file with its checksum, once a process. @throws FormatError when it is damaged, cut short or of another kind
 */
export function readMatrix(file: string, name: string): Matrix | undefined {
  refuseDamaged(file);
  return fromFile(file, (handle) => {
    const { start, entries } = readHeader(handle, file);
    if (!(name in entries)) return undefined;
    const { shape, data_offsets } = entries[name];
    const matrix = zeroRows(shape[0], shape[1], sharedNumbers);
    let at = start + data_offsets[0];
    for (const block of blocksOf(matrix)) {
      readFully(handle, at, new Uint8Array(block.buffer), file);
      at += block.byteLength;
    }
    return matrix;
  });
}

const refuseDamaged = (file: string): void =>
  checkOnce(file, () => {
    if (compareWithChecksum(file) === 'differs') throw damaged(file, 'its bytes are not those that were written');
  });

/** Whether a tensor file is as it was written; `unknown` when it carries no checksum. @throws FormatError when its head cannot be read */
export function compareWithChecksum(file: string): 'same' | 'differs' | 'unknown' {
  const { start, metadata } = fromFile(file, (handle) => readHeader(handle, file));
  const written = metadata[CHECKSUM];
  if (written === undefined) return 'unknown';
  let sum = 0;
  let head = Buffer.alloc(0); // the checksum's place may lie across two pieces
  for (const piece of piecesOf(file)) {
    if (head.length < start) {
      head = Buffer.concat([head, piece]);
      if (head.length < start) continue;
      head.write(NO_CHECKSUM, head.indexOf(CHECKSUM) + CHECKSUM.length + 3);
      sum = crc32c(head);
    } else sum = crc32c(piece, sum);
  }
  return hexadecimal(sum) === written ? 'same' : 'differs';
}

function fromFile<R>(file: string, read: (handle: number) => R): R {
  const handle = openSync(file, 'r');
  try {
    return read(handle);
  } catch (error) {
    if (error instanceof SyntaxError) throw damaged(file, 'its header is not JSON');
    if (error instanceof RangeError) throw damaged(file, error.message);
    if (error instanceof FormatError) throw damaged(file, 'cut short');
    throw error;
  } finally {
    closeSync(handle);
  }
}

const damaged = (file: string, reason: string): FormatError =>
  new FormatError(`"${file}" is not a whole tensor file (${reason}).`, [
    'Run the stage that wrote it again with --force; facesieve doctor --workspace DIR names the stage.',
  ]);

/** The header, and where the values start. */
function readHeader(handle: number, file: string) {
  const length = Number(Buffer.from(readFully(handle, 0, new Uint8Array(8), file)).readBigUInt64LE(0));
  const { size } = fstatSync(handle);
  if (8 + length > size) throw new RangeError('cut short');
  const header = Buffer.from(readFully(handle, 8, new Uint8Array(length), file)).toString('utf8');
  const { __metadata__: metadata = {}, ...rest } = JSON.parse(header) as Header;
  const entries = rest as Record<string, { shape: number[]; data_offsets: [number, number] }>;
  for (const { data_offsets } of Object.values(entries))
    if (8 + length + data_offsets[1] > size) throw new RangeError('cut short');
  return { start: 8 + length, metadata: metadata as Record<string, string>, entries };
}

/** `tensor` (rows, ...) without the rows in `gone`. */
export function withoutRows({ shape, data }: StoredTensor, gone: ReadonlySet<number>): StoredTensor {
  const [rows, ...rest] = shape;
  const length = rest.reduce((product, side) => product * side, 1);
  const kept = Array.from({ length: rows }, (_, row) => row).filter((row) => !gone.has(row));
  const left = new Float32Array(kept.length * length);
  kept.forEach((row, i) => left.set(data.subarray(row * length, (row + 1) * length), i * length));
  return { shape: [kept.length, ...rest], data: left };
}
