import { createRequire } from 'node:module';
import { EngineError } from '../core/errors.js';
import type { Graph, GraphLibrary, GraphSettings } from './graph.js';

/** What is used of hnswlib-node 3: an optional peer, whose types may not be there. It takes plain arrays of numbers alone. */
interface HierarchicalNSW {
  initIndex(size: number, links: number, buildWidth: number, seed: number): void;
  addPoint(row: number[], key: number): void;
  setEf(width: number): void;
  searchKnn(query: number[], count: number): { neighbors: number[] };
  getCurrentCount(): number;
  writeIndexSync(file: string): void;
  readIndexSync(file: string): void;
}
interface Hnswlib {
  HierarchicalNSW: new (space: 'ip', dimensions: number) => HierarchicalNSW;
}

/** Of the levels that rows are put on: a number of ours, so that the same rows make the same graph whatever the seed. */
const LEVEL_SEED = 100;

/** Whether hnswlib-node can be used here, and what is missing if not. */
export function hnswlibState(): { available: boolean; detail: string } {
  try {
    loadHnswlib();
    return { available: true, detail: 'hnswlib-node' };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { available: false, detail: `${error.message} ${error.suggestions[0]}` };
  }
}

/** @throws EngineError if hnswlib-node is not installed, or was installed but not compiled */
export function loadHnswlib(): Hnswlib {
  try {
    // `require`, not `import`: it also finds packages in NODE_PATH, where one copy serves several programs.
    return createRequire(import.meta.url)('hnswlib-node') as Hnswlib;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND' && String(error).includes("'hnswlib-node'"))
      throw new EngineError('The index "hnswlib" needs the package hnswlib-node, which is not installed.', [
        'npm install hnswlib-node   (it is compiled where it is installed: needs g++, make and python3)',
        OTHERWISE,
      ]);
    throw new EngineError(`The package hnswlib-node cannot be loaded: ${String(error).split('\n')[0]}.`, [
      'npm rebuild hnswlib-node --foreground-scripts   (needs g++, make and python3; npm may want it in allowScripts first)',
      OTHERWISE,
    ]);
  }
}

const OTHERWISE = 'Leave --index away, or use --index hnsw: the same kind of graph, with nothing to install.';

/** Graphs of hnswlib (Malkov & Yashunin's own library), through hnswlib-node. */
export const hnswlibGraphs: GraphLibrary = {
  empty(settings) {
    const index = new (loadHnswlib().HierarchicalNSW)('ip', settings.dimensions);
    index.initIndex(settings.size, settings.hnswLinks, settings.hnswBuildWidth, LEVEL_SEED);
    return graphOver(index, settings);
  },
  load(file, settings) {
    const index = new (loadHnswlib().HierarchicalNSW)('ip', settings.dimensions);
    index.readIndexSync(file);
    return graphOver(index, settings);
  },
};

function graphOver(index: HierarchicalNSW, { dimensions, hnswSearchWidth }: GraphSettings): Graph {
  index.setEf(hnswSearchWidth);
  const rowAt = (rows: Float32Array, r: number): number[] =>
    Array.from(rows.subarray(r * dimensions, (r + 1) * dimensions));
  return {
    add: (keys, rows) => keys.forEach((key, r) => index.addPoint(rowAt(rows, r), key)),
    search: (queries, count) =>
      Array.from(
        { length: queries.length / dimensions },
        (_, q) => index.searchKnn(rowAt(queries, q), count).neighbors,
      ),
    size: () => index.getCurrentCount(),
    save: (file) => index.writeIndexSync(file),
  };
}
