import type { GraphBuilder, TracedValue } from '../graph-builder.js';
import { type ConvInfo, padsOf, range } from './convolution-shape.js';

/** What each filter position sees of x, (N, H', W', C) for every row and column of the filter, row by row. */
export function windowsOf(graph: GraphBuilder, x: TracedValue, info: ConvInfo): string[] {
  const { outHeight, outWidth, strideHeight, strideWidth } = info;
  const [top, left, bottom, right] = padsOf(info);
  const source = graph.nameOf(x);
  const padded =
    top + left + bottom + right > 0
      ? graph.node('Pad', [source, graph.integers([0, top, left, 0, 0, bottom, right, 0])])
      : source;
  return range(info.filterHeight).flatMap((row) =>
    range(info.filterWidth).map((column) => {
      const ends = [row + (outHeight - 1) * strideHeight + 1, column + (outWidth - 1) * strideWidth + 1];
      const slices = [[row, column], ends, [1, 2], [strideHeight, strideWidth]];
      return graph.node('Slice', [padded, ...slices.map((values) => graph.integers(values))]);
    }),
  );
}
