import type { DataType } from '#tfjs';
import {
  type AttributeValue,
  type ElementType,
  type OnnxInitializer,
  type OnnxNode,
  type OnnxValue,
} from '../onnx/onnx-writer.js';
import { type Layout, permutationBetween, storedShape } from './layout.js';

/** A tensor of the traced program: known values (a constant), or names of the ONNX values that hold it, one a layout. */
export interface TracedValue {
  shape: number[];
  dtype: DataType;
  constant?: Float32Array | Int32Array | Uint8Array;
  names: Partial<Record<Layout, string>>;
}

/** Collects ONNX nodes while a program's body runs once. Equal constants and repeated transposes are written once. */
export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly inputs: OnnxValue[] = [];
  private readonly initializers = new Map<string, OnnxInitializer>();
  private readonly producers = new Map<string, OnnxNode>();
  private count = 0;

  node(op: string, inputs: string[], attributes: Record<string, AttributeValue> = {}): string {
    const output = `v${this.count++}`;
    const node = { op, inputs, output, attributes };
    this.nodes.push(node);
    this.producers.set(output, node);
    return output;
  }

  producerOf(name: string): OnnxNode | undefined {
    return this.producers.get(name);
  }

  constant(type: ElementType, values: ArrayLike<number>, shape: readonly number[]): string {
    const bytes = constantBytes(type, values);
    const key = values.length <= 16 ? `${type}:${shape.join('x')}:${Array.from(values).join(',')}` : `#${this.count}`;
    const known = this.initializers.get(key);
    if (known) return known.name;
    const name = `c${this.count++}`;
    this.initializers.set(key, { name, shape, type, bytes });
    return name;
  }

  /** A one-dimensional int64 constant: shapes, axes, pads. */
  integers(values: readonly number[]): string {
    return this.constant('int64', values, [values.length]);
  }

  scalar(value: number, type: ElementType = 'float32'): string {
    return this.constant(type, [value], []);
  }

  reshape(name: string, shape: readonly number[]): string {
    return this.node('Reshape', [name, this.integers(shape)]);
  }

  /** The ONNX value holding `value` in `layout`; written as a constant or transposed from another layout at need. */
  nameOf(value: TracedValue, layout: Layout = 'logical'): string {
    const known = value.names[layout];
    if (known) return known;
    if (value.constant && !value.names.logical) {
      value.names.logical = this.constant(elementTypeOf(value.dtype), value.constant, value.shape);
      if (layout === 'logical') return value.names.logical;
    }
    const [from, source] = Object.entries(value.names)[0] as [Layout, string];
    const name = this.node('Transpose', [source], { perm: permutationBetween(from, layout) });
    value.names[layout] = name;
    return name;
  }

  /** `value` of any rank, brought to rank 4 by leading ones, ready to broadcast against rank-4 values in `layout`. */
  broadcastName(value: TracedValue, layout: Layout): string {
    const size = value.shape.reduce((a, b) => a * b, 1);
    if (value.shape.length === 4 || size === 1) return this.nameOf(value, size === 1 ? 'logical' : layout);
    const shape = [...Array<number>(4 - value.shape.length).fill(1), ...value.shape];
    const name = this.nameOf(value);
    if (layout === 'logical') return name;
    const raised = { shape, dtype: value.dtype, names: { logical: this.reshape(name, shape) } };
    const longSides = shape.filter((side) => side > 1).length;
    return longSides <= 1 ? this.reshape(name, storedShape(shape, layout)) : this.nameOf(raised, layout);
  }

  /** What `outputs` need, in order; the rest was written for gradients nobody asked for. */
  liveNodes(outputs: readonly string[]): OnnxNode[] {
    const needed = new Set(outputs);
    const live: OnnxNode[] = [];
    for (const node of [...this.nodes].reverse()) {
      if (!needed.has(node.output)) continue;
      live.push(node);
      node.inputs.forEach((input) => needed.add(input));
    }
    return live.reverse();
  }

  usedInitializers(nodes: readonly OnnxNode[]): OnnxInitializer[] {
    const used = new Set(nodes.flatMap((node) => node.inputs));
    return [...this.initializers.values()].filter((initializer) => used.has(initializer.name));
  }
}

export function elementTypeOf(dtype: DataType): ElementType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new TypeError(`no ONNX element type for ${dtype}`);
}

function constantBytes(type: ElementType, values: ArrayLike<number>): Uint8Array {
  if (type === 'float32') return new Uint8Array(Float32Array.from(values).buffer);
  if (type === 'int32') return new Uint8Array(Int32Array.from(values).buffer);
  if (type === 'int64') return new Uint8Array(BigInt64Array.from(Array.from(values), BigInt).buffer);
  return Uint8Array.from(values);
}
