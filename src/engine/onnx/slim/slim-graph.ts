import type { ForeignGraph } from '../foreign-graph.js';
import { foreignGraph } from '../foreign-graph.js';
import { channelRoles, type Mixing } from './channel-roles.js';
import { type ChannelSet, channelSets } from './channel-sets.js';
import { areZero, type ChannelValues, channelValues, tapsBetween } from './channel-values.js';
import { withChannels } from './write-channels.js';

export interface SlimOptions {
  /** Weights up to this size count as zero. */
  threshold: number;
  /** Channels are left in whole multiples of this, where there were as many: what vector units take at once. */
  multiple: number;
}

export const slimDefaults: SlimOptions = { threshold: 1e-12, multiple: 8 };

export interface SlimGraph {
  /** The very bytes that were given when nothing could be taken out. */
  bytes: Uint8Array;
  /** Filters of all convolutions and products. */
  filters: { before: number; after: number };
  /** Channels that were taken out because nobody reads them, or because they are the same number everywhere. */
  dead: number;
  /** Channels that were the same as another one. */
  duplicate: number;
}

/** What one channel's removal can set free in others is found in the next round. */
const MOST_ROUNDS = 20;

/**
 * The model in `bytes` without channels that make no difference: nobody reads them (weights up to `threshold`), or they
 * are the same number for every image, which goes into the biases behind, or they equal another channel. Operators that
 * are not known keep all channels around them. It computes what it did, up to rounding.
 * @throws FormatError when the bytes of `file` are no model
 */
export function slimGraph(file: string, bytes: Uint8Array, options = slimDefaults): SlimGraph {
  const graph = foreignGraph(file, bytes);
  const before = filtersOf(graph);
  const changed = new Set<string>();
  let [dead, duplicate] = [0, 0];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const roles = channelRoles(graph);
    const values = channelValues(graph, roles, options.threshold);
    const found = channelSets(graph, roles)
      .map((set) => ({ set, fates: fatesOf(set, graph, values, options) }))
      .filter(({ fates }) => fates.some((fate) => fate !== undefined));
    if (found.length === 0) break;
    for (const { set, fates } of found) {
      for (const name of takeOut(set, fates, graph, values)) changed.add(name);
      dead += fates.filter((fate) => fate === 'dead').length;
      duplicate += fates.filter((fate) => typeof fate === 'number').length;
    }
  }
  return {
    bytes: changed.size === 0 ? bytes : withChannels(bytes, graph, changed),
    filters: { before, after: filtersOf(graph) },
    dead,
    duplicate,
  };
}

const filtersOf = ({ nodes, weights }: ForeignGraph): number =>
  nodes
    .filter(({ op }) => op === 'Conv' || op === 'Gemm')
    .reduce((sum, { op, inputs, numbers }) => {
      const shape = weights.get(inputs[1])?.shape ?? [0, 0];
      return sum + shape[op === 'Gemm' && !numbers.transB?.[0] ? 1 : 0];
    }, 0);

/** What becomes of a channel: it stays, it goes, or it goes because it is the same as the channel of that number. */
type Fate = undefined | 'dead' | number;

function fatesOf(
  { channels, consumers }: ChannelSet,
  graph: ForeignGraph,
  values: ReadonlyMap<string, ChannelValues>,
  { threshold, multiple }: SlimOptions,
): Fate[] {
  const firsts = new Map<string, number>();
  const fates = Array.from({ length: channels }, (_, channel): Fate => {
    const isDead = consumers.every(
      (reader) =>
        canFold(reader, values.get(reader.inputs[0])!.constants[channel]) || !isRead(reader, graph, channel, threshold),
    );
    if (isDead) return 'dead';
    const classes = consumers.map(({ inputs: [value] }) => values.get(value)!.classes[channel]).join();
    const first = firsts.get(classes);
    if (first === undefined) firsts.set(classes, channel);
    return first;
  });
  const staying = fates.filter((fate) => fate === undefined).length;
  let spare = Math.min(channels, Math.max(1, Math.ceil(staying / multiple)) * multiple) - staying;
  return fates.map((fate) => (fate !== undefined && spare-- > 0 ? undefined : fate));
}

/** Whether a channel of this number everywhere can go into the biases. */
const canFold = ({ padded, bias }: Mixing, constant: number): boolean =>
  constant === 0 || (!Number.isNaN(constant) && !padded && bias !== undefined);

function isRead(reader: Mixing, { weights }: ForeignGraph, channel: number, zero: number): boolean {
  const weight = weights.get(reader.weight)!;
  for (let out = 0; out < weight.shape[reader.axes.out]; out++)
    if (!areZero(tapsBetween(reader, weight, out, channel), zero)) return true;
  return false;
}

/** Changes the weights around `set`. @returns their names */
function takeOut(
  { channels, producers, consumers, between }: ChannelSet,
  fates: readonly Fate[],
  graph: ForeignGraph,
  values: ReadonlyMap<string, ChannelValues>,
): string[] {
  for (const reader of consumers) readOthers(reader, fates, graph, values.get(reader.inputs[0])!.constants);
  const kept = [...fates.keys()].filter((channel) => fates[channel] === undefined);
  const changed: string[] = [];
  const keep = (name: string | undefined, axis?: number): void => {
    if (name === undefined) return;
    const { shape, values } = graph.weights.get(name)!;
    const along = axis ?? shape.indexOf(channels);
    const inner = shape.slice(along + 1).reduce((product, side) => product * side, 1);
    const outer = values.length / (channels * inner);
    const left = new Float32Array(outer * kept.length * inner);
    for (let row = 0; row < outer; row++)
      kept.forEach((channel, i) => {
        const from = (row * channels + channel) * inner;
        left.set(values.subarray(from, from + inner), (row * kept.length + i) * inner);
      });
    graph.weights.set(name, { shape: shape.with(along, kept.length), values: left });
    changed.push(name);
  };
  for (const { weight, bias, axes } of producers) {
    keep(weight, axes.out);
    keep(bias);
  }
  for (const { node, weights } of between) {
    weights.forEach((name) => keep(name));
    if (node.op === 'Conv') node.numbers.group = [kept.length];
  }
  for (const { weight, bias, axes } of consumers) {
    keep(weight, axes.in);
    if (bias !== undefined) changed.push(bias);
  }
  return changed;
}

/** What `reader` makes of a channel that goes is made of the one like it, or added to its biases. */
function readOthers(reader: Mixing, fates: readonly Fate[], { weights }: ForeignGraph, constants: Float64Array): void {
  const weight = weights.get(reader.weight)!;
  const biases = reader.bias === undefined ? undefined : weights.get(reader.bias)!.values;
  for (const [channel, fate] of fates.entries()) {
    if (fate === undefined) continue;
    for (let out = 0; out < weight.shape[reader.axes.out]; out++) {
      const taps = tapsBetween(reader, weight, out, channel);
      if (typeof fate === 'number') {
        const others = tapsBetween(reader, weight, out, fate);
        taps.forEach((tap, i) => (others[i] += tap));
      } else if (biases && canFold(reader, constants[channel]))
        biases[out] += taps.reduce((sum, tap) => sum + constants[channel] * tap, 0);
    }
  }
}
