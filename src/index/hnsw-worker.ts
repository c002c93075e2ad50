import { parentPort, workerData } from 'node:worker_threads';
import { BatchMatches, Index, type Matches, MetricKind, ScalarKind } from 'usearch';
import { copyBlock, dotRows } from '../core/vectors.js';
import type { HnswSearch, HnswShard } from './hnsw-index.js';
import type { Neighbours } from './neighbour-index.js';
import { emptyNeighbours, offer } from './top-k.js';

/** Thread of hnsw-index.ts: usearch blocks whoever calls it. Builds one shard, then answers searches in it. */
const { vectors, settings, shard, shards } = workerData as HnswShard;
const size = Math.ceil((vectors.rows - shard) / shards);
const rowOfKey = (key: number): number => shard + key * shards;

/** Rows handed over at once: the thread can only be stopped in between. */
const BATCH = 256;
/** Insertion by one thread in a fixed order: usearch then builds the same graph every time. */
const ONE_THREAD = 1;

const index = new Index({
  dimensions: vectors.dimensions,
  metric: MetricKind.IP,
  quantization: ScalarKind.F16, // half the memory and a third less time; cosines are computed anew from floats
  connectivity: settings.hnswLinks,
  expansion_add: settings.hnswBuildWidth,
  expansion_search: settings.hnswSearchWidth,
  multi: false,
});
for (let from = 0; from < size; from += BATCH) {
  const keys = Array.from({ length: Math.min(BATCH, size - from) }, (_, i) => from + i);
  index.add(BigUint64Array.from(keys, BigInt), copyBlock(vectors, keys.map(rowOfKey)).data, ONE_THREAD);
}
parentPort!.postMessage('built');

parentPort!.on('message', (search: HnswSearch) => {
  const { ids, cosines } = nearest(search);
  parentPort!.postMessage({ ids, cosines }, [ids.buffer as ArrayBuffer, cosines.buffer as ArrayBuffer]);
});

/** The k nearest of this shard, with exact cosines, in their order. */
function nearest({ queries, rows, k, own }: HnswSearch): Neighbours {
  const found = emptyNeighbours(rows.length, k);
  // One more than asked: a row of the index usually finds itself, but HNSW does not promise it.
  const wanted = Math.min(k + 1, size);
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = rows.subarray(from, from + BATCH);
    const matches = index.search(copyBlock(queries, batch).data, wanted, ONE_THREAD) as Matches | BatchMatches;
    batch.forEach((row, i) => {
      const { keys } = matches instanceof BatchMatches ? matches.get(i) : matches;
      for (const key of keys) {
        const id = rowOfKey(Number(key));
        if (own && id === row) continue;
        offer(found, from + i, id, dotRows(queries, row, vectors, id));
      }
    });
  }
  return found;
}
