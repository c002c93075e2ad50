import type { DataType } from '#tfjs';
import type { AttributeValue } from '../onnx/onnx-writer.js';
import type { GraphBuilder, TracedValue } from './graph-builder.js';
import { isBlocked, type Layout, unblocked } from './layout.js';

export interface KernelCall {
  graph: GraphBuilder;
  inputs: Record<string, TracedValue>;
  // TensorFlow.js types a kernel's attributes one by one; the registry is over all of them.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  attrs: Record<string, any>;
}

/** One TensorFlow.js kernel, written as ONNX nodes. */
export interface KernelEntry {
  kernel: string;
  emit(call: KernelCall): TracedValue | TracedValue[];
}

export const traced = (
  name: string,
  shape: readonly number[],
  dtype: DataType,
  layout: Layout = 'logical',
): TracedValue => ({ shape: [...shape], dtype, names: { [layout]: name } });

/** Where values meet: the layout most of them have already, the most special first where two are even. */
const preference: readonly Layout[] = ['nchwc', 'oihwio', 'oihwo', 'chwc', 'nchw', 'oihw', 'chw', 'logical'];

export function residentLayout(values: readonly TracedValue[]): Layout {
  const full = values.filter(({ shape, names }) => shape.length === 4 && Object.keys(names).length > 0);
  const holders = (layout: Layout): number => full.filter(({ names }) => names[layout]).length;
  const most = Math.max(...preference.map(holders));
  return most <= 0 ? 'logical' : preference.find((layout) => holders(layout) === most)!;
}

/** A blocked layout knows no broadcasting except of scalars. */
function elementwiseLayout(values: readonly TracedValue[]): Layout {
  const layout = residentLayout(values);
  const shapes = values.filter(({ shape }) => shape.some((side) => side > 1)).map(({ shape }) => shape.join());
  return isBlocked(layout) && new Set(shapes).size > 1 ? unblocked(layout) : layout;
}

/** An element-by-element node over broadcast `values`, written in the layout they already lie in. */
export function elementwise(
  graph: GraphBuilder,
  op: string,
  values: readonly TracedValue[],
  dtype: DataType,
  attributes: Record<string, AttributeValue> = {},
  extraInputs: readonly string[] = [],
): TracedValue {
  const shape = values.map((value) => value.shape).reduce(broadcastShape);
  const layout = elementwiseLayout(values);
  const names = values.map((value) =>
    layout === 'logical' ? graph.nameOf(value) : graph.broadcastName(value, layout),
  );
  return traced(graph.node(op, [...names, ...extraInputs], attributes), shape, dtype, layout);
}

function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[a.length - rank + i] ?? 1;
    const right = b[b.length - rank + i] ?? 1;
    return left === 1 ? right : left;
  });
}
