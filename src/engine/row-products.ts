import { availableParallelism } from 'node:os';
import { Tensor } from 'onnxruntime-node';
import type { OnnxValue } from './onnx/onnx-writer.js';
import { openWritten } from './onnx/open-written.js';

/** A linear map of rows, in ONNX Runtime on all threads. */
export interface RowMap {
  /** @param rows (M, D) @returns (M, E) in new memory; the same whatever rows come with a row, and on any number of threads */
  run(rows: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/**
 * Returns the map x -> (x - centre) W.
 *
 * @param weights W, (D, E)
 * @param centre (D)
 */
export async function rowMap(
  weights: Float32Array,
  centre: Float32Array,
  threads: number = availableParallelism(),
): Promise<RowMap> {
  const from = centre.length;
  const to = weights.length / from;
  // As constants: ONNX Runtime then packs them once, and adds up every product in the same order.
  const constant = (name: string, values: Float32Array, shape: number[]) => ({
    ...{ name, shape, type: 'float32' as const },
    bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  });
  const session = await openWritten(
    {
      nodes: [
        { op: 'Sub', inputs: ['rows', 'centre'], outputs: ['off'], attributes: {} },
        { op: 'MatMul', inputs: ['off', 'weights'], outputs: ['mapped'], attributes: {} },
      ],
      initializers: [constant('centre', centre, [from]), constant('weights', weights, [from, to])],
      inputs: [value('rows', ['m', from])],
      outputs: [value('mapped', ['m', to])],
    },
    threads,
  );
  return {
    async run(rows) {
      const { mapped } = await session.run({ rows: new Tensor('float32', rows, [rows.length / from, from]) });
      return mapped.data as Float32Array;
    },
    dispose: () => session.release(),
  };
}

/** Rows that are added up in 32 bits. */
const ADDED = 512;

/** Returns the sum of the outer products of rows with themselves, (D, D): X' X. @param rows X, (M, D) */
export async function gramMatrix(rows: Float32Array, dimensions: number): Promise<Float64Array> {
  const session = await openWritten(
    {
      nodes: [
        {
          ...{ op: 'FusedMatMul', domain: 'com.microsoft', inputs: ['rows', 'rows'], outputs: ['gram'] },
          attributes: { transA: 1 },
        },
      ],
      initializers: [],
      inputs: [value('rows', ['m', dimensions])],
      outputs: [value('gram', [dimensions, dimensions])],
    },
    1, // how the work is divided would change the last digits
  );
  const sum = new Float64Array(dimensions ** 2);
  for (let from = 0; from < rows.length; from += ADDED * dimensions) {
    const part = rows.subarray(from, from + ADDED * dimensions);
    const { gram } = await session.run({ rows: new Tensor('float32', part, [part.length / dimensions, dimensions]) });
    (gram.data as Float32Array).forEach((product, i) => (sum[i] += product));
  }
  await session.release();
  return sum;
}

const value = (name: string, shape: OnnxValue['shape']): OnnxValue => ({ name, shape, type: 'float32' });
