import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { throwIfInterrupted } from '../core/interrupt.js';
import { dotAt, type Matrix } from '../core/vectors.js';
import { workerUrl } from '../core/worker-url.js';
import type { IndexKind, IndexSettings, NeighbourIndex, Neighbours } from './neighbour-index.js';
import { emptyNeighbours, offer } from './top-k.js';

export interface HnswTask {
  data: Float32Array;
  rows: number;
  dimensions: number;
  settings: IndexSettings;
}

/** Rows searched between two looks at the abort signal. */
const CHUNK = 2000;

/** Hierarchical navigable small world graph (Malkov & Yashunin 2018), in hnswlib, on a thread of its own. */
export const hnswIndex: IndexKind = {
  name: 'hnsw',
  summary: 'approximate graph search, for large sets; its recall is measured',
  async build(vectors, settings, signal) {
    const { rows, dimensions } = vectors;
    const task: HnswTask = { data: shared(vectors.data), rows, dimensions, settings };
    const worker = new Worker(workerUrl('hnsw-worker', import.meta.url), { workerData: task });
    const stop = (): void => void worker.terminate();
    signal?.addEventListener('abort', stop);
    try {
      await answer(worker, signal);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
    return indexOver(vectors, worker);
  },
};

function indexOver(vectors: Matrix, worker: Worker): NeighbourIndex {
  return {
    kind: 'hnsw',
    vectors: vectors.rows,
    async nearestFirst(rows, k, signal) {
      const found = emptyNeighbours(rows.length, k);
      for (let from = 0; from < rows.length; from += CHUNK) {
        throwIfInterrupted(signal);
        const wanted = rows.slice(from, from + CHUNK);
        worker.postMessage({ wanted, k });
        collect(vectors, wanted, (await answer(worker, signal)) as Int32Array, from, found);
      }
      return found;
    },
    async close() {
      await worker.terminate();
    },
  };
}

/** Every accepted neighbour's cosine is computed exactly, and the order follows it. */
function collect(
  { data, dimensions }: Matrix,
  wanted: Int32Array,
  ids: Int32Array,
  from: number,
  found: Neighbours,
): void {
  const { k } = found;
  ids.forEach((id, i) => {
    const at = Math.floor(i / k);
    if (id >= 0) offer(found, from + at, id, dotAt(data, wanted[at] * dimensions, data, id * dimensions, dimensions));
  });
}

/** The worker's next message. @throws InterruptedError when it was stopped meanwhile, or its own error */
async function answer(worker: Worker, signal: AbortSignal | undefined): Promise<unknown> {
  const stopped = once(worker, 'exit').then(() => {
    throwIfInterrupted(signal);
    throw new Error('the index thread ended before it answered');
  });
  const [message] = (await Promise.race([once(worker, 'message'), stopped])) as [unknown];
  return message;
}

function shared(values: Float32Array): Float32Array {
  const copy = new Float32Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}
