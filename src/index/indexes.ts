import type { Config } from '../core/config.js';
import type { Matrix } from '../core/vectors.js';
import { cellsIndex } from './cells-index.js';
import { exactIndex } from './exact-index.js';
import { hnswIndex } from './hnsw-index.js';
import type { IndexKind, IndexSettings, NeighbourIndex } from './neighbour-index.js';

/** Every kind of index: one file and one line here. */
export const indexKinds: Record<Exclude<Config['index'], 'auto'>, IndexKind> = {
  exact: exactIndex,
  hnsw: hnswIndex,
  cells: cellsIndex,
};

/** Which index is built, and how. */
export interface SearchSettings extends Omit<IndexSettings, 'labels'> {
  /** `auto`: exact up to `exactUpTo` rows, then an approximate one. */
  index: Config['index'];
  exactUpTo: number;
}

/** The kind that `settings` ask for; `auto` searches exactly as long as that takes seconds, and then where labels say. */
function indexKindFor(settings: SearchSettings, vectors: number, labels?: Int32Array): IndexKind {
  const auto = vectors <= settings.exactUpTo ? 'exact' : labels ? 'cells' : 'hnsw';
  return indexKinds[settings.index === 'auto' ? auto : settings.index];
}

/** @param labels (N), where to look first, see IndexSettings */
export const buildIndex = (
  vectors: Matrix,
  settings: SearchSettings,
  signal?: AbortSignal,
  labels?: Int32Array,
): Promise<NeighbourIndex> =>
  indexKindFor(settings, vectors.rows, labels).build(vectors, { ...settings, labels }, signal);
