import { availableParallelism } from 'node:os';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { OnnxGraph, OnnxNode, OnnxValue } from './onnx/onnx-writer.js';
import { openWritten } from './onnx/open-written.js';

/**
 * Finds which rows have the largest inner products with given ones, by matrix products in ONNX Runtime on all threads. What it
 * returns is a choice of candidates: the last bits of a product depend on the shape of the block, so whoever needs its value
 * computes it again.
 */
export interface ProductRanker {
  /** What is asked for beyond k, so that rounding loses none of the k. */
  spare: number;
  /** Prepares rows (T, D) to be compared with. @param largest absolute value in all rows that one ranking is about */
  targets(rows: Float32Array, dimensions: number, largest: number): PreparedRows;
  /** Prepares rows (Q, D) that ask. */
  queries(rows: Float32Array, dimensions: number): PreparedRows;
  /** The `k` <= T targets of the largest products with each query. */
  rank(queries: PreparedRows, targets: PreparedRows, k: number): Promise<Ranked>;
}

/** Rows as a ranker takes them. */
export type PreparedRows = Tensor;

/** Row by row, (Q * k): places among the targets, and products on a scale of the query's own. */
export interface Ranked {
  places: Int32Array;
  products: ArrayLike<number>;
}

export type Precision = 'float32' | 'int8';

/**
 * Returns the ranker of a precision. `int8` has the values of a row as whole numbers of 8 bits: a cosine of 512 dimensions is then off by
 * .0005 (standard deviation), for half the time and less where the processor has instructions for it (VNNI).
 *
 * @param threads all cores unless given
 */
export function productRanker(precision: Precision, threads: number = availableParallelism()): Promise<ProductRanker> {
  const key = `${precision} ${threads}`;
  const opened = rankers.get(key) ?? openers[precision](threads);
  rankers.set(key, opened);
  return opened;
}

/** The fastest precision that is exact on this processor for so many multiplications. */
export async function fittingPrecision(multiplications: number, threads?: number): Promise<Precision> {
  return multiplications >= INT8_FROM && (await multipliesBytesExactly(threads)) ? 'int8' : 'float32';
}

/** Multiplications from which bytes are worth their preparation. */
const INT8_FROM = 2e10;

/** Sessions cost some milliseconds, and hold no rows: one of each kind serves the whole process. */
const rankers = new Map<string, Promise<ProductRanker>>();

const openers: Record<Precision, (threads: number) => Promise<ProductRanker>> = {
  async float32(threads) {
    const session = await openWritten(floatGraph, threads);
    const tensor = (rows: Float32Array, dimensions: number): Tensor =>
      new Tensor('float32', unshared(rows), [rows.length / dimensions, dimensions]);
    return {
      spare: 4, // rows whose cosines differ in the last digit only
      targets: tensor,
      queries: tensor,
      rank: (queries, targets, k) => rank(session, queries, targets, k),
    };
  },
  async int8(threads) {
    const session = await openWritten(byteGraph, threads);
    return {
      spare: 8,
      targets: transposedBytes,
      queries: bytesOf,
      rank: (queries, targets, k) => rank(session, queries, targets, k),
    };
  },
};

async function rank(session: InferenceSession, queries: Tensor, targets: Tensor, k: number): Promise<Ranked> {
  const count = new Tensor('int64', BigInt64Array.of(BigInt(k)), [1]);
  const { places, products } = await session.run({ queries, targets, k: count });
  const { buffer, byteOffset, length } = places.data as BigInt64Array;
  const halves = new Int32Array(buffer, byteOffset, 2 * length);
  const low = new Int32Array(length);
  for (let i = 0; i < length; i++) low[i] = halves[2 * i];
  return { places: low, products: products.data as Int32Array | Float32Array };
}

/** Whole numbers of 8 bits, (Q, D), 128 = 0; each row on the scale of its own largest value. */
function bytesOf(rows: Float32Array, dimensions: number): Tensor {
  const bytes = new Uint8Array(rows.length);
  for (let at = 0; at < rows.length; at += dimensions) {
    const scale = MOST / largestOf(rows, at, at + dimensions);
    for (let i = at; i < at + dimensions; i++) bytes[i] = Math.round(rows[i] * scale) + ZERO;
  }
  return new Tensor('uint8', bytes, [rows.length / dimensions, dimensions]);
}

/** (D, T), all on one scale: their products can be compared. */
function transposedBytes(rows: Float32Array, dimensions: number, largest: number): Tensor {
  const count = rows.length / dimensions;
  const bytes = new Int8Array(rows.length);
  const scale = MOST / Math.max(largest, Number.MIN_VALUE);
  for (let row = 0; row < count; row++)
    for (let d = 0; d < dimensions; d++) bytes[d * count + row] = Math.round(rows[row * dimensions + d] * scale);
  return new Tensor('int8', bytes, [dimensions, count]);
}

/** Largest absolute value of rows[from..to), above 0. */
export function largestOf(rows: Float32Array, from = 0, to = rows.length): number {
  let largest = Number.MIN_VALUE;
  for (let i = from; i < to; i++) largest = Math.max(largest, Math.abs(rows[i]));
  return largest;
}

const MOST = 127;
const ZERO = 128;

/** ONNX Runtime takes no memory that threads share. */
const unshared = (rows: Float32Array): Float32Array =>
  rows.buffer instanceof SharedArrayBuffer ? Float32Array.from(rows) : rows;

let isExact: Promise<boolean> | undefined;

/** Whether products of bytes do not overflow: without VNNI, x86 adds pairs of them in 16 bits. */
const multipliesBytesExactly = (threads?: number): Promise<boolean> =>
  (isExact ??= productRanker('int8', threads).then(async (ranker) => {
    const [length, rows] = [64, 32];
    const queries = new Tensor('uint8', new Uint8Array(rows * length).fill(255), [rows, length]);
    const targets = new Tensor('int8', new Int8Array(length * rows).fill(MOST), [length, rows]);
    const { products } = await ranker.rank(queries, targets, 1);
    return Array.from(products).every((product) => product === (255 - ZERO) * MOST * length);
  }));

const value = (name: string, shape: OnnxValue['shape'], type: OnnxValue['type'] = 'float32'): OnnxValue => ({
  ...{ name, shape, type },
});
const topK: OnnxNode = {
  op: 'TopK',
  inputs: ['all', 'k'],
  outputs: ['products', 'places'],
  attributes: { axis: 1, largest: 1, sorted: 1 },
};
const places = value('places', ['q', 'k'], 'int64');

const floatGraph: OnnxGraph = {
  nodes: [
    {
      ...{ op: 'FusedMatMul', domain: 'com.microsoft', inputs: ['queries', 'targets'], outputs: ['all'] },
      attributes: { transB: 1 },
    },
    topK,
  ],
  initializers: [],
  inputs: [value('queries', ['q', 'd']), value('targets', ['t', 'd']), value('k', [1], 'int64')],
  outputs: [value('products', ['q', 'k']), places],
};

const byteGraph: OnnxGraph = {
  nodes: [{ op: 'MatMulInteger', inputs: ['queries', 'targets', 'zero'], outputs: ['all'], attributes: {} }, topK],
  initializers: [{ name: 'zero', shape: [], type: 'uint8', bytes: Uint8Array.of(ZERO) }],
  inputs: [value('queries', ['q', 'd'], 'uint8'), value('targets', ['d', 't'], 'int8'), value('k', [1], 'int64')],
  outputs: [value('products', ['q', 'k'], 'int32'), places],
};
