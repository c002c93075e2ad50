import type { Matrix } from '../core/vectors.js';

/** The nearest vectors of some rows: row r's j-th neighbour lies at r*k + j, nearest first; id -1 where there is none. */
export interface Neighbours {
  k: number;
  ids: Int32Array; // (N*k)
  cosines: Float32Array; // (N*k)
}

/**
 * A search structure over unit rows (N, D); ids are row numbers. The row itself is never among its neighbours.
 * A new kind is one file, one line in indexes.ts, and its name in core/config.ts.
 */
export interface NeighbourIndex {
  kind: string;
  vectors: number;
  /** @param rows which rows' neighbours are wanted @throws InterruptedError between blocks */
  nearestFirst(rows: Int32Array, k: number, signal?: AbortSignal): Promise<Neighbours>;
  /** The nearest rows to each of `queries`, (Q, D) unit rows that need not be in the index. */
  nearestTo(queries: Matrix, k: number, signal?: AbortSignal): Promise<Neighbours>;
  /** Writes it to its kind's files; absent where there is nothing that would be slow to build again. @param files whole paths */
  save?(files: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface IndexSettings {
  hnswLinks: number;
  hnswBuildWidth: number;
  hnswSearchWidth: number;
  /** Threads that matrix products take, which changes no result; all cores unless given. */
  threads?: number;
  /** Which rows belong together as far as is known, (N), -1 = not known: no more than where to look first. */
  labels?: Int32Array;
}

export interface IndexKind {
  name: string;
  summary: string;
  /** Whether it can be used here; absent where it always can. */
  state?(): { available: boolean; detail: string };
  build(vectors: Matrix, settings: IndexSettings, signal?: AbortSignal): Promise<NeighbourIndex>;
}

/** A kind that can be saved, see saved-index.ts. */
export interface GraphKind extends IndexKind {
  /** Names of the files that an index over `vectors` is saved in. */
  files(vectors: Matrix): string[];
  /** @param files whole paths @throws Error if a library cannot read one */
  load(
    vectors: Matrix,
    settings: IndexSettings,
    files: readonly string[],
    signal?: AbortSignal,
  ): Promise<NeighbourIndex>;
}
