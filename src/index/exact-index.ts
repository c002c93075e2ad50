import type { Matrix } from '../core/vectors.js';
import type { IndexKind, Neighbours } from './neighbour-index.js';
import { nearestByProducts, type ProductSettings } from './product-search.js';

/** Every pair, by matrix products: some minutes for a hundred thousand rows, and the truth that other kinds are measured by. */
export const exactIndex: IndexKind = {
  name: 'exact',
  summary: 'every pair, in blocks; the truth for recall',
  build: (vectors, settings) =>
    Promise.resolve({
      kind: 'exact',
      vectors: vectors.rows,
      nearestFirst: (rows, k, signal) => exactNeighbours(vectors, rows, k, signal, settings),
      nearestTo: (queries, k, signal) => {
        const wanted = Int32Array.from({ length: queries.rows }, (_, row) => row);
        return nearestByProducts(vectors, { matrix: queries, wanted, own: false }, k, settings, signal);
      },
      close: () => Promise.resolve(),
    }),
};

/** The k nearest of all `vectors` to each of `rows`, compared with every one. */
export const exactNeighbours = (
  vectors: Matrix,
  rows: Int32Array,
  k: number,
  signal: AbortSignal | undefined,
  settings: ProductSettings = {},
): Promise<Neighbours> => nearestByProducts(vectors, { matrix: vectors, wanted: rows, own: true }, k, settings, signal);
