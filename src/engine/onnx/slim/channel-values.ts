import { sha256 } from '../../../core/fingerprint.js';
import type { ForeignGraph } from '../foreign-graph.js';
import type { Weight } from '../graph-node.js';
import type { ChannelRole, EachChannel, Mixing, Roles } from './channel-roles.js';

/** What is known of the channels of a value, whatever the image. */
export interface ChannelValues {
  /** The number that a channel has everywhere, (C); NaN where it has several. */
  constants: Float64Array;
  /** Channels of the same class are the same, (C). */
  classes: Int32Array;
}

/**
 * What the weights alone say of every channel of every value that a role is known for.
 * @param zero weights up to this size count as zero
 */
export function channelValues(
  { weights }: ForeignGraph,
  { roles, channels }: Roles,
  zero: number,
): Map<string, ChannelValues> {
  const known = new Map<string, ChannelValues>();
  const classOf = new Map<string, number>();
  for (const role of roles) {
    const [output] = role.node.outputs;
    const count = channels.get(output)!;
    const made = { constants: new Float64Array(count), classes: new Int32Array(count) };
    const inputs = role.inputs.map((name) => known.get(name));
    for (let channel = 0; channel < count; channel++)
      made.constants[channel] =
        role.kind === 'mixing'
          ? mixedConstant(role, weights, channel, inputs[0], zero)
          : eachConstant(role, weights, channel, inputs as ChannelValues[], zero);
    for (const [channel, recipe] of recipesOf(role, weights, made.constants, inputs, zero).entries()) {
      made.classes[channel] = classOf.get(recipe) ?? classOf.size;
      classOf.set(recipe, made.classes[channel]);
    }
    known.set(output, made);
  }
  return known;
}

type Weights = ReadonlyMap<string, Weight>;

/** Whether numbers count as zero. */
export const areZero = (values: Float32Array, zero: number): boolean =>
  values.every((value) => Math.abs(value) <= zero);

/** The numbers of a mixing weight that lead from one channel to another. */
export function tapsBetween({ axes }: Mixing, { shape, values }: Weight, out: number, incoming: number): Float32Array {
  const taps = values.length / (shape[0] * shape[1]);
  const at = axes.out === 0 ? out * shape[1] + incoming : incoming * shape[1] + out;
  return values.subarray(at * taps, (at + 1) * taps);
}

const pieceOf = ({ values }: Weight, channel: number, channels: number): Float32Array =>
  values.subarray((channel * values.length) / channels, ((channel + 1) * values.length) / channels);

function mixedConstant(
  role: Mixing,
  weights: Weights,
  channel: number,
  input: ChannelValues | undefined,
  zero: number,
): number {
  const weight = weights.get(role.weight)!;
  let sum = role.bias === undefined ? 0 : weights.get(role.bias)!.values[channel];
  for (let incoming = 0; incoming < weight.shape[role.axes.in]; incoming++) {
    const taps = tapsBetween(role, weight, channel, incoming);
    const constant = input?.constants[incoming] ?? NaN;
    if (constant === 0 || areZero(taps, zero)) continue;
    if (role.padded || Number.isNaN(constant)) return NaN;
    for (const tap of taps) sum += constant * tap;
  }
  return sum;
}

function eachConstant(
  { node, weights: own, shared, padded }: EachChannel,
  weights: Weights,
  channel: number,
  inputs: readonly ChannelValues[],
  zero: number,
): number {
  const [x, y] = inputs.map(({ constants }) => constants[channel]);
  const pieces = own.map((name) => pieceOf(weights.get(name)!, channel, inputs[0].constants.length));
  const other = pieces[0]?.[0] ?? shared ?? y;
  switch (node.op) {
    case 'Conv': {
      const [taps, [bias] = [0]] = pieces;
      if (x === 0 || areZero(taps, zero)) return bias;
      return padded ? NaN : taps.reduce((sum, tap) => sum + x * tap, bias);
    }
    case 'BatchNormalization': {
      const [scale, shift, mean, variance] = pieces.map(([number]) => number);
      if (Math.abs(scale) <= zero) return shift;
      return ((x - mean) / Math.sqrt(variance + (node.fractions.epsilon ?? 1e-5))) * scale + shift;
    }
    case 'Relu':
      return Math.max(x, 0);
    case 'PRelu':
      return x > 0 ? x : other * x;
    case 'LeakyRelu':
      return x > 0 ? x : (node.fractions.alpha ?? 0.01) * x;
    case 'Add':
      return x + other;
    case 'Mul':
      return x * other;
    case 'AveragePool':
      return padded && node.numbers.count_include_pad?.[0] && x !== 0 ? NaN : x;
    default:
      return x;
  }
}

/** Numbers of a row by which most rows differ from all others. */
const BEGINNING = 16;

/**
 * What each channel of a node's output is made of: the same text, the same channel. Only of rows that begin alike is the
 * rest looked at: large networks have a hundred megabytes of them.
 */
function recipesOf(
  role: ChannelRole,
  weights: Weights,
  constants: Float64Array,
  inputs: readonly (ChannelValues | undefined)[],
  zero: number,
): string[] {
  const beginnings = Array.from(constants, (constant, channel) =>
    Number.isNaN(constant) ? recipeOf(role, weights, channel, inputs, zero, BEGINNING) : `${constant}`,
  );
  const counts = new Map<string, number>();
  for (const beginning of beginnings) counts.set(beginning, (counts.get(beginning) ?? 0) + 1);
  return beginnings.map((beginning, channel) =>
    Number.isNaN(constants[channel]) && counts.get(beginning)! > 1
      ? recipeOf(role, weights, channel, inputs, zero)
      : beginning,
  );
}

function recipeOf(
  role: ChannelRole,
  weights: Weights,
  channel: number,
  inputs: readonly (ChannelValues | undefined)[],
  zero: number,
  most = Infinity,
): string {
  const [output] = role.node.outputs;
  if (role.kind === 'each') {
    const count = inputs[0]!.classes.length;
    const pieces = role.weights.map((name) => pieceOf(weights.get(name)!, channel, count).join());
    return [output, ...inputs.map((input) => input!.classes[channel]), ...pieces].join(' ');
  }
  const weight = weights.get(role.weight)!;
  const length = Math.min(most, weight.values.length / weight.shape[role.axes.out]);
  const row =
    role.axes.out === 0
      ? pieceOf(weight, channel, weight.shape[0]).slice(0, length)
      : Float32Array.from({ length }, (_, incoming) => tapsBetween(role, weight, channel, incoming)[0]);
  const counted = row.map((tap) => (Math.abs(tap) <= zero ? 0 : tap));
  const bias = role.bias === undefined ? 0 : weights.get(role.bias)!.values[channel];
  return `${output} ${bias} ${sha256(new Uint8Array(counted.buffer))}`;
}
