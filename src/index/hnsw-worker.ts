import { parentPort, workerData } from 'node:worker_threads';
import hnswlib from 'hnswlib-node';
import type { HnswTask } from './hnsw-index.js';

/** Thread of hnsw-index.ts: hnswlib blocks whoever calls it. Builds once, then answers searches. */
const { data, rows, dimensions, settings } = workerData as HnswTask;
const rowOf = (row: number): number[] => Array.from(data.subarray(row * dimensions, (row + 1) * dimensions));

const index = new hnswlib.HierarchicalNSW('ip', dimensions);
index.initIndex(rows, settings.hnswLinks, settings.hnswBuildWidth, settings.seed);
for (let row = 0; row < rows; row++) index.addPoint(rowOf(row), row);
index.setEf(settings.hnswSearchWidth);
parentPort!.postMessage('built');

parentPort!.on('message', ({ wanted, k }: { wanted: Int32Array; k: number }) => {
  const ids = new Int32Array(wanted.length * k).fill(-1);
  wanted.forEach((row, i) => {
    // One more than asked: the row itself usually comes back, but HNSW does not promise it.
    const { neighbors } = index.searchKnn(rowOf(row), Math.min(k + 1, rows));
    ids.set(neighbors.filter((id) => id !== row).slice(0, k), i * k);
  });
  parentPort!.postMessage(ids);
});
