import type { Matrix } from '../core/vectors.js';
import { cellsIndex } from './cells-index.js';
import { exactIndex } from './exact-index.js';
import { hnswIndex } from './hnsw-index.js';
import type { IndexKind, IndexSettings, NeighbourIndex } from './neighbour-index.js';

/** Every kind of index: one file and one line here. */
export const indexKinds = { exact: exactIndex, hnsw: hnswIndex, cells: cellsIndex } satisfies Record<string, IndexKind>;

export type IndexName = keyof typeof indexKinds;

/** Which index is built, and how. */
export interface SearchSettings extends Omit<IndexSettings, 'labels'> {
  /** `auto`: exact up to `exactUpTo` rows, then an approximate one. */
  kind: IndexName | 'auto';
  exactUpTo: number;
}

/** The kind that `settings` ask for; `auto` searches exactly as long as that takes seconds, and then where labels say. */
function indexKindFor(settings: SearchSettings, vectors: number, labels?: Int32Array): IndexKind {
  const auto = vectors <= settings.exactUpTo ? 'exact' : labels ? 'cells' : 'hnsw';
  return indexKinds[settings.kind === 'auto' ? auto : settings.kind];
}

/** @param labels (N), where to look first, see IndexSettings */
export const buildIndex = (
  vectors: Matrix,
  settings: SearchSettings,
  signal?: AbortSignal,
  labels?: Int32Array,
): Promise<NeighbourIndex> =>
  indexKindFor(settings, vectors.rows, labels).build(vectors, { ...settings, labels }, signal);
