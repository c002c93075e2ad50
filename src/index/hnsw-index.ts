import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { throwIfInterrupted } from '../core/interrupt.js';
import { type Matrix, shared } from '../core/vectors.js';
import { workerUrl } from '../core/version.js';
import type { GraphKind, IndexSettings, NeighbourIndex, Neighbours } from './neighbour-index.js';
import { emptyNeighbours, offer } from './top-k.js';

/** Kinds of index that are graphs, each of its own library (hnsw-worker.ts). */
export type GraphName = 'hnsw' | 'hnswlib';

/** What a thread is given: it builds over rows shard, shard + shards, ... of `vectors`, or loads what was built over them. */
export interface HnswShard {
  kind: GraphName;
  /** What is loaded instead of built. */
  file?: string;
  vectors: Matrix;
  settings: IndexSettings;
  shard: number;
  shards: number;
  /** In memory that threads share: 1 once the thread is to end. */
  stopped: Int32Array;
}

/** Which rows of `queries` to look for; `own` when they are the index's own rows, and a row is not its own neighbour. */
export interface HnswSearch {
  queries: Matrix;
  rows: Int32Array;
  k: number;
  own: boolean;
}

/**
 * Parts of the index, each built by one thread in the order of the rows, so that the same rows make the same graph. A
 * number of ours and not the machine's: neighbours must not depend on how many threads there are.
 */
const SHARDS = 2;
/** Rows searched between two looks at the abort signal. */
const CHUNK = 2048;

/** Hierarchical navigable small world graphs (Malkov & Yashunin 2018), in usearch, each on a thread of its own. */
export const hnswIndex = graphIndex('hnsw', 'approximate graph search, for large sets; its recall is measured');

/** Kind of index of such graphs. @param check throws where the library is missing */
export function graphIndex(name: GraphName, summary: string, check: () => void = () => undefined): GraphKind {
  const open = async (
    unshared: Matrix,
    settings: IndexSettings,
    files: readonly string[] | undefined,
    signal: AbortSignal | undefined,
  ): Promise<NeighbourIndex> => {
    check();
    const vectors = shared(unshared);
    const { hnswLinks, hnswBuildWidth, hnswSearchWidth } = settings;
    const shards = shardsOf(vectors);
    const stopped = new Int32Array(new SharedArrayBuffer(4));
    const workers = Array.from({ length: shards }, (_, shard) => {
      const widths = { hnswLinks, hnswBuildWidth, hnswSearchWidth };
      const workerData: HnswShard = {
        ...{ kind: name, file: files?.[shard], vectors, settings: widths, shard, shards, stopped },
      };
      return new Worker(workerUrl('hnsw-worker', import.meta.url), { workerData });
    });
    const close = closing(workers, stopped);
    const stop = (): void => void close();
    signal?.addEventListener('abort', stop);
    try {
      await Promise.all(workers.map((worker) => answer(worker, signal)));
    } catch (error) {
      await close();
      throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
    return indexOver(name, vectors, workers, close);
  };
  return {
    ...{ name, summary },
    files: (vectors) => Array.from({ length: shardsOf(vectors) }, (_, shard) => `graph-${shard}.${name}`),
    build: (vectors, settings, signal) => open(vectors, settings, undefined, signal),
    load: open,
  };
}

const shardsOf = ({ rows }: Matrix): number => Math.max(1, Math.min(SHARDS, rows));

function indexOver(
  kind: GraphName,
  vectors: Matrix,
  workers: readonly Worker[],
  close: () => Promise<void>,
): NeighbourIndex {
  const find = async (search: HnswSearch, signal: AbortSignal | undefined): Promise<Neighbours> => {
    const { rows, k } = search;
    const found = emptyNeighbours(rows.length, k);
    for (let from = 0; from < rows.length; from += CHUNK) {
      throwIfInterrupted(signal);
      const part = { ...search, rows: rows.slice(from, from + CHUNK) };
      const answers = workers.map((worker) => {
        worker.postMessage(part);
        return answer(worker, signal) as Promise<Neighbours>;
      });
      for (const { ids, cosines } of await Promise.all(answers))
        ids.forEach((id, i) => id >= 0 && offer(found, from + Math.floor(i / k), id, cosines[i]));
    }
    return found;
  };
  return {
    kind,
    vectors: vectors.rows,
    nearestFirst: (rows, k, signal) => find({ queries: vectors, rows, k, own: true }, signal),
    nearestTo: (queries, k, signal) => {
      const rows = Int32Array.from({ length: queries.rows }, (_, row) => row);
      return find({ queries: shared(queries), rows, k, own: false }, signal);
    },
    async save(files) {
      const saved = workers.map((worker, shard) => {
        worker.postMessage({ save: files[shard] });
        return answer(worker, undefined);
      });
      await Promise.all(saved);
    },
    close,
  };
}

/**
 * Has the threads end by themselves, between two batches or messages: hnswlib-node ends the whole process where a thread is
 * terminated while it is in the library.
 */
function closing(workers: readonly Worker[], stopped: Int32Array): () => Promise<void> {
  const ends = workers.map((worker) => new Promise<void>((resolve) => worker.once('exit', () => resolve())));
  return async () => {
    Atomics.store(stopped, 0, 1);
    for (const worker of workers) worker.postMessage('close');
    await Promise.all(ends);
  };
}

/** The worker's next message. @throws InterruptedError when it was stopped meanwhile, or its own error */
async function answer(worker: Worker, signal: AbortSignal | undefined): Promise<unknown> {
  const waiting = new AbortController();
  const stopped = once(worker, 'exit', waiting).then(() => {
    throwIfInterrupted(signal);
    throw new Error('the index thread ended before it answered');
  });
  try {
    const [message] = (await Promise.race([once(worker, 'message', waiting), stopped])) as [unknown];
    return message;
  } finally {
    stopped.catch(() => undefined); // the wait that lost is called off, not failed
    waiting.abort();
  }
}
