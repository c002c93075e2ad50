import { BatchMatches, Index, type Matches, MetricKind, ScalarKind } from 'usearch';
import type { Graph, GraphLibrary, GraphSettings } from './graph.js';

/** Insertion by one thread in a fixed order: usearch then builds the same graph every time. */
const ONE_THREAD = 1;

/** Graphs of usearch. */
export const usearchGraphs: GraphLibrary = {
  empty: (settings) => graphOver(indexFor(settings), settings.dimensions),
  load(file, settings) {
    const index = indexFor(settings);
    index.load(file);
    return graphOver(index, settings.dimensions);
  },
};

const indexFor = (settings: GraphSettings): Index =>
  new Index({
    dimensions: settings.dimensions,
    metric: MetricKind.IP,
    quantization: ScalarKind.F16, // half the memory and a third less time; cosines are computed anew from floats
    connectivity: settings.hnswLinks,
    expansion_add: settings.hnswBuildWidth,
    expansion_search: settings.hnswSearchWidth,
    multi: false,
  });

const graphOver = (index: Index, dimensions: number): Graph => ({
  add: (keys, rows) => index.add(BigUint64Array.from(keys, BigInt), rows, ONE_THREAD),
  search(queries, count) {
    const matches = index.search(queries, count, ONE_THREAD) as Matches | BatchMatches;
    return Array.from({ length: queries.length / dimensions }, (_, q) => {
      const { keys } = matches instanceof BatchMatches ? matches.get(q) : matches;
      return Array.from(keys, Number);
    });
  },
  size: () => index.size(),
  save: (file) => index.save(file),
});
