import { sizeOf } from '../../program.js';
import type { ForeignGraph } from '../foreign-graph.js';
import type { GraphNode, Weight } from '../graph-node.js';

/** A convolution of one group, or a Gemm: each outgoing channel is a sum over all incoming ones. */
export interface Mixing {
  kind: 'mixing';
  node: GraphNode;
  inputs: [string];
  weight: string;
  bias?: string;
  /** Axes of the outgoing and the incoming channels in the weight. */
  axes: { out: number; in: number };
  /** Zeros are read around the edge: a constant channel is not constant there. */
  padded: boolean;
}

/** A node whose channel c depends on channel c of its inputs alone, such as PRelu or a depthwise convolution. */
export interface EachChannel {
  kind: 'each';
  node: GraphNode;
  inputs: string[];
  /** Weights with a piece for each channel, in the order of the channels. */
  weights: string[];
  /** A number for all channels, such as a slope. */
  shared?: number;
  padded: boolean;
}

export type ChannelRole = Mixing | EachChannel;

/** The role of each node that treats channels in a known way, in order, and how many channels its values have. */
export interface Roles {
  roles: ChannelRole[];
  /** By value; of values that are not here nothing is known. */
  channels: Map<string, number>;
}

export function channelRoles({ nodes, weights }: ForeignGraph): Roles {
  const channels = new Map<string, number>();
  const roles: ChannelRole[] = [];
  for (const node of nodes) {
    const role = roleOf(node, weights, channels);
    if (!role) continue;
    roles.push(role);
    const count = role.kind === 'each' ? channels.get(role.inputs[0])! : weights.get(role.weight)!.shape[role.axes.out];
    channels.set(node.outputs[0], count);
  }
  return { roles, channels };
}

const UNARY = ['Relu', 'LeakyRelu', 'MaxPool', 'AveragePool', 'GlobalAveragePool', 'GlobalMaxPool', 'Identity'];

type Weights = ReadonlyMap<string, Weight>;
type Channels = ReadonlyMap<string, number>;

function roleOf(node: GraphNode, weights: Weights, channels: Channels): ChannelRole | undefined {
  if (node.outputs.length !== 1 || !['', 'ai.onnx'].includes(node.domain)) return undefined;
  if (node.op === 'Conv') return convolutionRole(node, weights, channels);
  if (node.op === 'Gemm') return productRole(node, weights);
  const padded = isPadded(node);
  const count = channels.get(node.inputs[0]);
  if (UNARY.includes(node.op) && count !== undefined)
    return { kind: 'each', node, inputs: [node.inputs[0]], weights: [], padded };
  if (node.op === 'BatchNormalization') {
    const own = node.inputs.slice(1);
    const fits = own.length === 4 && own.every((name) => isPerChannel(weights.get(name), count));
    return fits ? { kind: 'each', node, inputs: [node.inputs[0]], weights: own, padded } : undefined;
  }
  return ['PRelu', 'Add', 'Mul'].includes(node.op) ? pointRole(node, weights, channels) : undefined;
}

function convolutionRole(node: GraphNode, weights: Weights, channels: Channels): ChannelRole | undefined {
  const [x, weight, bias] = node.inputs;
  const filters = weights.get(weight);
  if (!filters || (bias && !weights.has(bias))) return undefined;
  const group = node.numbers.group?.[0] ?? 1;
  const padded = isPadded(node);
  if (group === 1)
    return { kind: 'mixing', node, inputs: [x], weight, bias: bias || undefined, axes: { out: 0, in: 1 }, padded };
  const depthwise = filters.shape[1] === 1 && filters.shape[0] === group && channels.get(x) === group;
  return depthwise ? { kind: 'each', node, inputs: [x], weights: bias ? [weight, bias] : [weight], padded } : undefined;
}

function productRole(node: GraphNode, weights: Weights): ChannelRole | undefined {
  const { inputs, fractions, numbers } = node;
  const [x, weight, bias] = inputs;
  const factors = weights.get(weight);
  const plain = (fractions.alpha ?? 1) === 1 && (fractions.beta ?? 1) === 1 && !numbers.transA?.[0];
  if (!plain || factors?.shape.length !== 2) return undefined;
  const axes = numbers.transB?.[0] ? { out: 0, in: 1 } : { out: 1, in: 0 };
  if (bias && weights.get(bias)?.values.length !== factors.shape[axes.out]) return undefined;
  return { kind: 'mixing', node, inputs: [x], weight, bias: bias || undefined, axes, padded: false };
}

/** PRelu, Add or Mul: of values with as many channels, or of a value and a weight. */
function pointRole(node: GraphNode, weights: Weights, channels: Channels): ChannelRole | undefined {
  const inputs = node.inputs.filter((name) => !weights.has(name));
  const own = node.inputs.filter((name) => weights.has(name));
  const count = channels.get(inputs[0]);
  if (count === undefined || inputs.some((name) => channels.get(name) !== count) || own.length > 1) return undefined;
  if (node.op === 'PRelu' && (own.length !== 1 || inputs[0] !== node.inputs[0])) return undefined;
  const weight = weights.get(own[0]);
  const each = { kind: 'each', node, inputs, padded: false } as const;
  if (!weight) return { ...each, weights: [] };
  if (weight.values.length === 1) return { ...each, weights: [], shared: weight.values[0] };
  return isPerChannel(weight, count, 3) ? { ...each, weights: own } : undefined;
}

/** One number a channel: (C), or with `rank` 3 (C, 1, 1), a leading one allowed. */
function isPerChannel(weight: Weight | undefined, count: number | undefined, rank = 1): boolean {
  if (!weight || count === undefined) return false;
  const sides = weight.shape.slice(-rank);
  return sides.length === rank && sides[0] === count && sizeOf(weight.shape) === count;
}

const isPadded = ({ numbers, texts }: GraphNode): boolean =>
  (numbers.pads ?? []).some((pad) => pad !== 0) || !['NOTSET', 'VALID'].includes(texts.auto_pad ?? 'NOTSET');
