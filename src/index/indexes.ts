import type { Config } from '../core/config.js';
import type { Matrix } from '../core/vectors.js';
import { exactIndex } from './exact-index.js';
import { hnswIndex } from './hnsw-index.js';
import type { IndexKind, NeighbourIndex } from './neighbour-index.js';

/** Every kind of index: one file and one line here. */
export const indexKinds: Record<Exclude<Config['index'], 'auto'>, IndexKind> = {
  exact: exactIndex,
  hnsw: hnswIndex,
};

/** The kind that `config` asks for; `auto` searches exactly as long as that takes seconds. */
export function indexKindFor(config: Config, vectors: number): IndexKind {
  const auto = vectors <= config.exactUpTo ? 'exact' : 'hnsw';
  return indexKinds[config.index === 'auto' ? auto : config.index];
}

export const buildIndex = (vectors: Matrix, config: Config, signal?: AbortSignal): Promise<NeighbourIndex> =>
  indexKindFor(config, vectors.rows).build(vectors, config, signal);
