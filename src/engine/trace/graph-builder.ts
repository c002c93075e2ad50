import type { DataType } from '#tfjs';
import {
  type AttributeValue,
  type ElementType,
  type OnnxDomain,
  type OnnxInitializer,
  type OnnxNode,
  type OnnxValue,
} from '../onnx/onnx-writer.js';
import { isBlocked, type Layout, moveBetween, storedShape } from './layout.js';

/** A tensor of the traced program: known values (a constant), or names of the ONNX values that hold it, one a layout. */
export interface TracedValue {
  shape: number[];
  dtype: DataType;
  constant?: Float32Array | Int32Array | Uint8Array;
  names: Partial<Record<Layout, string>>;
}

type Attributes = Record<string, AttributeValue>;

/** Collects ONNX nodes while a program's body runs once. Equal constants and repeated moves are written once. */
export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly inputs: OnnxValue[] = [];
  private readonly initializers = new Map<string, OnnxInitializer>();
  private readonly producers = new Map<string, OnnxNode>();
  /** Values that are called by an output's name now. */
  private readonly exposed = new Map<string, string>();
  private count = 0;

  /** @param block channels in a block of ONNX Runtime's direct convolutions here; 0 where it has none */
  constructor(readonly block: number) {}

  node(op: string, inputs: string[], attributes: Attributes = {}, domain?: OnnxDomain): string {
    return this.nodeOf(op, inputs, attributes, 1, domain)[0];
  }

  /** A node with several outputs. */
  nodeOf(op: string, inputs: string[], attributes: Attributes, count: number, domain?: OnnxDomain): string[] {
    const outputs = Array.from({ length: count }, () => `v${this.count++}`);
    const node: OnnxNode = { op, inputs, outputs, attributes, domain };
    this.nodes.push(node);
    for (const output of outputs) this.producers.set(output, node);
    return outputs;
  }

  /** One of ONNX Runtime's own operators on blocked channels. */
  blockedNode(op: string, inputs: string[], attributes: Attributes): string {
    return this.node(op, inputs, attributes, 'com.microsoft.nchwc');
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

  transpose(name: string, perm: readonly number[]): string {
    return this.node('Transpose', [name], { perm });
  }

  /** Some of `side` positions along `axis`, in the order given; copied by all threads. */
  gather(name: string, axis: number, positions: readonly number[]): string {
    return this.node('Gather', [name, this.integers(positions)], { axis });
  }

  /** The ONNX value holding `value` in `layout`; written as a constant or moved from another layout at need. */
  nameOf(value: TracedValue, layout: Layout = 'logical'): string {
    const known = value.names[layout];
    if (known) return known;
    if (value.constant && !value.names.logical) {
      value.names.logical = this.constant(elementTypeOf(value.dtype), value.constant, value.shape);
      if (layout === 'logical') return value.names.logical;
    }
    const [from, source] = Object.entries(value.names)[0] as [Layout, string];
    const name = this.moved(source, value.shape, from, layout);
    value.names[layout] = name;
    return name;
  }

  private moved(source: string, shape: readonly number[], from: Layout, to: Layout): string {
    const channelsLast = { channels_last: Number(from === 'logical' || to === 'logical') };
    // ONNX Runtime's own moves use all threads, its Transpose does not.
    if (to === 'nchwc' && (from === 'logical' || from === 'nchw'))
      return this.blockedNode('ReorderInput', [source], channelsLast);
    if (from === 'nchwc' && (to === 'logical' || to === 'nchw'))
      return this.blockedNode('ReorderOutput', [source], { channels: shape[3], ...channelsLast });
    const { split, permutation } = moveBetween(shape, from, to, this.block);
    const blocks = isBlocked(from) || isBlocked(to);
    const turned = this.transpose(blocks ? this.reshape(source, split) : source, permutation);
    return blocks ? this.reshape(turned, storedShape(shape, to)) : turned;
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

  /** Makes `value` an output of the graph called `name`: by that name from the start, or else as a copy. */
  expose(value: string, name: string): void {
    const producer = this.exposed.has(value) ? undefined : this.producers.get(value);
    if (!producer) {
      const source = this.exposed.get(value) ?? value;
      this.nodes.push({ op: 'Identity', inputs: [source], outputs: [name], attributes: {} });
      return;
    }
    this.exposed.set(value, name);
    for (const node of this.nodes) node.inputs = node.inputs.map((input) => (input === value ? name : input));
    producer.outputs = producer.outputs.map((output) => (output === value ? name : output));
  }

  /** What `outputs` need, in order; the rest was written for gradients nobody asked for. */
  liveNodes(outputs: readonly string[]): OnnxNode[] {
    const needed = new Set(outputs);
    const live: OnnxNode[] = [];
    for (const node of [...this.nodes].reverse()) {
      if (!node.outputs.some((output) => needed.has(output))) continue;
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
