/** A graph that one thread builds and searches: rows of D numbers under the keys 0, 1, 2, ... in the order they were added. */
export interface Graph {
  /** @param keys of each row @param rows (keys.length, D) unit rows, one after another */
  add(keys: readonly number[], rows: Float32Array): void;
  /** Keys of the rows nearest to each of `queries`, (Q, D), by inner product: `count` each, fewer only where the graph misses some. */
  search(queries: Float32Array, count: number): Iterable<number>[];
  /** Rows in it. */
  size(): number;
  save(file: string): void;
}

export interface GraphSettings {
  dimensions: number;
  /** Rows there will be. */
  size: number;
  hnswLinks: number;
  hnswBuildWidth: number;
  hnswSearchWidth: number;
}

/** A library of such graphs. The same rows in the same order give the same graph. */
export interface GraphLibrary {
  empty(settings: GraphSettings): Graph;
  /** @param settings those it was built with, but for `hnswSearchWidth`, which is free @throws Error if `file` is none of this library's */
  load(file: string, settings: GraphSettings): Graph;
}
