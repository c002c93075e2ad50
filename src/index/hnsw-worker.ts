import { parentPort, workerData } from 'node:worker_threads';
import { copyBlock, dotRows } from '../core/vectors.js';
import type { Graph, GraphLibrary } from './graph.js';
import type { GraphName, HnswSearch, HnswShard } from './hnsw-index.js';
import { hnswlibGraphs } from './hnswlib-graph.js';
import type { Neighbours } from './neighbour-index.js';
import { emptyNeighbours, offer } from './top-k.js';
import { usearchGraphs } from './usearch-graph.js';

/** Thread of hnsw-index.ts: a graph blocks whoever calls it. Builds or loads one shard, then answers searches in it. */
const { vectors, settings, shard, shards, kind, file, stopped } = workerData as HnswShard;
const { dimensions } = vectors;
const size = Math.ceil((vectors.rows - shard) / shards);
const rowOfKey = (key: number): number => shard + key * shards;

/** Rows handed over at once: the thread can only be stopped in between. */
const BATCH = 256;

const libraries: Record<GraphName, GraphLibrary> = { hnsw: usearchGraphs, hnswlib: hnswlibGraphs };
const graph = file === undefined ? built() : loaded(file);
parentPort!.postMessage('ready');

function built(): Graph {
  const empty = libraries[kind].empty({ ...settings, dimensions, size });
  for (let from = 0; from < size; from += BATCH) {
    if (Atomics.load(stopped, 0) === 1) process.exit(); // of this thread
    const keys = Array.from({ length: Math.min(BATCH, size - from) }, (_, i) => from + i);
    empty.add(keys, copyBlock(vectors, keys.map(rowOfKey)).data);
  }
  return empty;
}

/** @throws Error if there is another number of rows in it */
function loaded(from: string): Graph {
  const stored = libraries[kind].load(from, { ...settings, dimensions, size });
  if (stored.size() !== size) throw new Error(`it holds ${stored.size()} rows instead of ${size}`);
  return stored;
}

parentPort!.on('message', (asked: HnswSearch | { save: string } | 'close') => {
  if (asked === 'close') return parentPort!.close();
  if ('save' in asked) {
    graph.save(asked.save);
    parentPort!.postMessage('saved');
    return;
  }
  const { ids, cosines } = nearest(asked);
  parentPort!.postMessage({ ids, cosines }, [ids.buffer as ArrayBuffer, cosines.buffer as ArrayBuffer]);
});

/** The k nearest of this shard, with exact cosines, in their order. */
function nearest({ queries, rows, k, own }: HnswSearch): Neighbours {
  const found = emptyNeighbours(rows.length, k);
  // One more than asked: a row of the index usually finds itself, but HNSW does not promise it.
  const wanted = Math.min(k + 1, size);
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = rows.subarray(from, from + BATCH);
    const near = graph.search(copyBlock(queries, batch).data, wanted);
    batch.forEach((row, i) => {
      for (const key of near[i]) {
        const id = rowOfKey(key);
        if (own && id === row) continue;
        offer(found, from + i, id, dotRows(queries, row, vectors, id));
      }
    });
  }
  return found;
}
