import { graphIndex } from './hnsw-index.js';
import { hnswlibState, loadHnswlib } from './hnswlib-graph.js';

/** The same graphs as `hnsw`, by hnswlib-node. @throws EngineError if that is not installed */
export const hnswlibIndex = {
  ...graphIndex('hnswlib', 'as hnsw, by the optional package hnswlib-node', () => void loadHnswlib()),
  state: hnswlibState,
};
