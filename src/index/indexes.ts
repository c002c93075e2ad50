import type { Config } from '../core/config.js';
import type { Matrix } from '../core/vectors.js';
import { cellsIndex } from './cells-index.js';
import { exactIndex } from './exact-index.js';
import { hnswIndex } from './hnsw-index.js';
import type { IndexKind, NeighbourIndex } from './neighbour-index.js';

/** Every kind of index: one file and one line here. */
export const indexKinds: Record<Exclude<Config['index']['kind'], 'auto'>, IndexKind> = {
  exact: exactIndex,
  hnsw: hnswIndex,
  cells: cellsIndex,
};

/** The kind that the settings ask for; `auto` searches exactly as long as that takes seconds, and then where labels say. */
function indexKindFor({ kind, exactUpTo }: Config['index'], vectors: number, labels?: Int32Array): IndexKind {
  const auto = vectors <= exactUpTo ? 'exact' : labels ? 'cells' : 'hnsw';
  return indexKinds[kind === 'auto' ? auto : kind];
}

/** @param labels (N), where to look first, see IndexSettings */
export const buildIndex = (
  vectors: Matrix,
  settings: Config['index'],
  signal?: AbortSignal,
  labels?: Int32Array,
): Promise<NeighbourIndex> =>
  indexKindFor(settings, vectors.rows, labels).build(vectors, { ...settings, labels }, signal);
