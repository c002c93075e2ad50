import type { DecisionName } from '../core/records.js';
import type { Known, Metrics } from './metrics.js';
import { quantity } from '../core/text/quantity.js';

/** What a rule can name as its reason. */
export interface Offender {
  kind: 'image' | 'identity';
  /** Path below the source, or name. */
  name: string;
  /** What is wrong with it. */
  detail: string;
}

/** A figure with those who made it what it is, the worst first; or why there is none and what to run. */
export type Measurement = { actual: number; detail?: string; offenders?: Offender[] } | { notRun: string };

export interface Bounds {
  min?: number;
  max?: number;
}

/** One thing that a gate can hold a set to. A new one is one value and one line in rules.ts. */
export interface GateRule {
  id: string;
  describe: string;
  bounds: readonly (keyof Bounds)[];
  /** Shares lie in [0, 1]. */
  unit: 'share' | 'count';
  /** @param required what the figure is held to: it tells which identities are offenders */
  measure(metrics: Metrics, required: Bounds): Measurement;
}

export const whenKnown = <T>(figure: Known<T>, measure: (value: T) => Measurement): Measurement =>
  'notRun' in figure ? figure : measure(figure.known);

export const offendingImage = ({ path, reason }: { path: string; reason: string }): Offender => ({
  kind: 'image',
  name: path,
  detail: reason,
});

/** Offenders as a share of `whole`. */
export const shareOf = (offenders: Offender[], whole: number): Measurement =>
  whole === 0 ? { notRun: 'there are no images' } : { actual: offenders.length / whole, offenders };

/** The share of images that ended up as `decision`. */
export const shareDecidedAs =
  (decision: DecisionName): GateRule['measure'] =>
  ({ decided }) =>
    whenKnown(decided, ({ images: all }) =>
      shareOf(all.filter(({ final }) => final === decision).map(offendingImage), all.length),
    );

export const images = (count: number): string => quantity(count, 'image');
