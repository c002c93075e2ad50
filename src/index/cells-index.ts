import { setImmediate } from 'node:timers/promises';
import { BatchMatches, exactSearch, MetricKind } from 'usearch';
import { throwIfInterrupted } from '../core/interrupt.js';
import { copyBlock, type Matrix, rowOf, takeRows, unitRows } from '../core/vectors.js';
import { exactIndex } from './exact-index.js';
import type { IndexKind, NeighbourIndex, Neighbours } from './neighbour-index.js';
import type { Queries } from './product-search.js';
import { emptyNeighbours, offer } from './top-k.js';

/** Cells looked into for each query: the image's own person is in the first, its likes in the others. */
const PROBES = 8;
/** Where no labels are known, one row in so many is the middle of a cell. */
const ROWS_A_CELL = 16;
/** Cells searched between two looks at the abort signal. */
const BREATH = 500;
const ONE_THREAD = 1;

/** Rows of each cell, one after another: cell c holds members[starts[c]] to members[starts[c + 1]]. */
interface Cells {
  starts: Int32Array; // (C + 1)
  members: Int32Array;
}

/**
 * An inverted file (Jegou, Douze & Schmid 2011): rows lie in the cell of the identity they are most like, and only the
 * nearest cells are searched, there exactly. A person's images are far nearer to their common centre than to each other,
 * so among many identities this finds more than a graph of the images does, in a tenth of the time.
 */
export const cellsIndex: IndexKind = {
  name: 'cells',
  summary: 'images by the identity they are most like; for large sets, its recall is measured',
  async build(vectors, settings, signal) {
    const centres = settings.labels ? meanRows(vectors, settings.labels) : everyFew(vectors);
    const coarse = await exactIndex.build(centres, settings, signal);
    const probes = await coarse.nearestTo(vectors, PROBES, signal);
    const cells = cellsOf(
      Int32Array.from({ length: vectors.rows }, (_, row) => probes.ids[row * PROBES]),
      centres.rows,
    );
    return indexOver(vectors, cells, probes, coarse);
  },
};

function indexOver(vectors: Matrix, cells: Cells, own: Neighbours, coarse: NeighbourIndex): NeighbourIndex {
  return {
    kind: 'cells',
    vectors: vectors.rows,
    nearestFirst(rows, k, signal) {
      const ids = new Int32Array(rows.length * PROBES);
      rows.forEach((row, q) => ids.set(own.ids.subarray(row * PROBES, (row + 1) * PROBES), q * PROBES));
      return searchCells(vectors, cells, { matrix: vectors, wanted: rows, own: true }, ids, k, signal);
    },
    async nearestTo(queries, k, signal) {
      const wanted = Int32Array.from({ length: queries.rows }, (_, row) => row);
      const { ids } = await coarse.nearestTo(queries, PROBES, signal);
      return searchCells(vectors, cells, { matrix: queries, wanted, own: false }, ids, k, signal);
    },
    close: () => coarse.close(),
  };
}

/** Cell by cell, all queries that look into it at once. @param probed (Q * PROBES), cells of each query, -1 = none */
async function searchCells(
  vectors: Matrix,
  cells: Cells,
  queries: Queries,
  probed: Int32Array,
  k: number,
  signal: AbortSignal | undefined,
): Promise<Neighbours> {
  const found = emptyNeighbours(queries.wanted.length, k);
  const askers = cellsOf(probed, cells.starts.length - 1);
  for (let cell = 0; cell + 1 < cells.starts.length; cell++) {
    if (cell % BREATH === 0) {
      await setImmediate(); // lets Ctrl-C through
      throwIfInterrupted(signal);
    }
    const asking = rowsIn(askers, cell).map((place) => Math.floor(place / PROBES));
    searchCell(vectors, rowsIn(cells, cell), queries, asking, found);
  }
  return found;
}

/** Offers each query in `asking` the nearest of the cell's `members`. */
function searchCell(
  vectors: Matrix,
  members: Int32Array,
  queries: Queries,
  asking: Int32Array,
  found: Neighbours,
): void {
  if (members.length === 0 || asking.length === 0) return;
  // Copies: usearch refuses memory that threads share.
  const block = copyBlock(vectors, members).data;
  const wanted = asking.map((q) => queries.wanted[q]);
  const asked = copyBlock(queries.matrix, wanted).data;
  const count = Math.min(found.k + 1, members.length);
  const matches = exactSearch(block, asked, vectors.dimensions, count, MetricKind.IP, ONE_THREAD);
  asking.forEach((q, i) => {
    const { keys, distances } = matches instanceof BatchMatches ? matches.get(i) : matches;
    keys.forEach((key, j) => {
      const id = members[Number(key)];
      if (!queries.own || id !== wanted[i]) offer(found, q, id, 1 - distances[j]);
    });
  });
}

const rowsIn = ({ starts, members }: Cells, cell: number): Int32Array =>
  members.subarray(starts[cell], starts[cell + 1]);

/** Places by the cell they are given, in their order; those given -1 are in none. */
function cellsOf(cellOf: Int32Array, count: number): Cells {
  const starts = new Int32Array(count + 1);
  for (const cell of cellOf) if (cell >= 0) starts[cell + 1]++;
  for (let cell = 0; cell < count; cell++) starts[cell + 1] += starts[cell];
  const members = new Int32Array(starts[count]);
  const next = starts.slice();
  cellOf.forEach((cell, place) => {
    if (cell >= 0) members[next[cell]++] = place;
  });
  return { starts, members };
}

/** Mean of the rows of each label, (C, D) unit rows. @param labels (N), -1 = none */
function meanRows(vectors: Matrix, labels: Int32Array): Matrix {
  const { dimensions } = vectors;
  const count = labels.reduce((most, label) => Math.max(most, label + 1), 1);
  const data = new Float32Array(count * dimensions);
  labels.forEach((label, row) => {
    if (label < 0) return;
    const values = rowOf(vectors, row);
    for (let d = 0; d < dimensions; d++) data[label * dimensions + d] += values[d];
  });
  return unitRows({ data, rows: count, dimensions });
}

const everyFew = (vectors: Matrix): Matrix =>
  takeRows(
    vectors,
    Int32Array.from({ length: Math.ceil(vectors.rows / ROWS_A_CELL) }, (_, i) => i * ROWS_A_CELL),
  );
