import type { DataType } from '#tfjs';
import type { AttributeValue } from '../onnx/onnx-writer.js';
import type { GraphBuilder, TracedValue } from './graph-builder.js';
import type { Layout } from './layout.js';

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
  emit(call: KernelCall): TracedValue;
}

export const traced = (
  name: string,
  shape: readonly number[],
  dtype: DataType,
  layout: Layout = 'logical',
): TracedValue => ({ shape: [...shape], dtype, names: { [layout]: name } });

/** The layout that `values` already lie in, when one of them lies nowhere else; else TensorFlow.js's own. */
export function residentLayout(values: readonly TracedValue[]): Layout {
  for (const { shape, names } of values) {
    const [layout] = Object.keys(names) as Layout[];
    if (shape.length === 4 && layout && !names.logical) return layout;
  }
  return 'logical';
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
  const layout = residentLayout(values);
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
