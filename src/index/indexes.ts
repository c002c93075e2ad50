import type { Matrix } from '../core/vectors.js';
import { cellsIndex } from './cells-index.js';
import { exactIndex } from './exact-index.js';
import { hnswIndex } from './hnsw-index.js';
import { hnswlibIndex } from './hnswlib-index.js';
import type { IndexKind, IndexSettings, NeighbourIndex } from './neighbour-index.js';
import { findSaved, loadSaved } from './saved-index.js';

/** Every kind of index: one file, one line here, and its name in core/config.ts. */
export const indexKinds = {
  ...{ exact: exactIndex, hnsw: hnswIndex, hnswlib: hnswlibIndex, cells: cellsIndex },
} satisfies Record<string, IndexKind>;

export type IndexName = keyof typeof indexKinds;

/** Which index is built, and how. */
export interface SearchSettings extends Omit<IndexSettings, 'labels'> {
  /** `auto`: exact up to `exactUpTo` rows, then an approximate one. */
  kind: IndexName | 'auto';
  exactUpTo: number;
  /** Folder of a saved index, which is loaded where it is one of this kind, these vectors and settings. */
  folder?: string;
}

/** The kind that `settings` ask for; `auto` searches exactly as long as that takes seconds, and then where labels say. */
export function indexKindFor(settings: SearchSettings, vectors: number, labels?: Int32Array): IndexKind {
  const auto = vectors <= settings.exactUpTo ? 'exact' : labels ? 'cells' : 'hnsw';
  return indexKinds[settings.kind === 'auto' ? auto : settings.kind];
}

/**
 * Loads the index that `settings.folder` holds of these vectors, or builds it.
 * @param labels (N), where to look first, see IndexSettings
 * @throws FormatError if the saved index is damaged
 */
export function buildIndex(
  vectors: Matrix,
  settings: SearchSettings,
  signal?: AbortSignal,
  labels?: Int32Array,
): Promise<NeighbourIndex> {
  const kind = indexKindFor(settings, vectors.rows, labels);
  const saved = settings.folder === undefined ? undefined : findSaved(settings.folder, kind, vectors, settings);
  return saved ? loadSaved(saved, vectors, settings, signal) : kind.build(vectors, { ...settings, labels }, signal);
}
