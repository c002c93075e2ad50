import { defaults } from '../core/config.js';
import { FacesieveError } from '../core/errors.js';
import { type GivenNeighbourOptions, type NeighbourOptions, neighbourOptions } from '../index/find-neighbours.js';
import type { DecideSettings } from './decide.js';
import { type RuleName, rules } from './rules.js';
import type { ThresholdSettings } from './threshold.js';

/** How noise is detected and decided on. The defaults, each with its reason, are in core/config.ts. */
export interface NoiseOptions extends DecideSettings, ThresholdSettings, NeighbourOptions {
  /** The rule that decides: `calibrated`, or one that reads sub-centres. */
  rule: RuleName;
  /** true: whitens the features where they lie, so that no second (N, D) matrix is needed. Default false. */
  overwriteFeatures?: boolean;
}

/** An option of {@link NoiseOptions} that does not exist or is out of range. */
export class NoiseOptionError extends FacesieveError {}

/** Options as a caller gives them: those that are absent get the defaults of core/config.ts. */
export type GivenNoiseOptions = Partial<Omit<NoiseOptions, 'index'>> & GivenNeighbourOptions;

/**
 * Returns the options with the defaults for those that are not given.
 *
 * @throws NoiseOptionError if a rule does not exist, or a number is out of range
 */
export function noiseOptions(given: GivenNoiseOptions): NoiseOptions {
  const { rule, angle, dropAt, reviewAt, hardFence } = defaults.sift;
  const options = { rule, angle, dropAt, reviewAt, hardFence, ...definedOf(given), ...neighbourOptions(given) };
  if (!(options.rule in rules))
    throw new NoiseOptionError(`There is no rule "${options.rule}".`, [`Rules: ${Object.keys(rules).join(', ')}.`]);
  for (const name of ['dropAt', 'reviewAt', 'targetPrecision', 'targetRecall'] as const) {
    const value = options[name];
    if (value !== undefined && !(value >= 0 && value <= 1))
      throw new NoiseOptionError(`"${name}" must be between 0 and 1; got ${value}.`);
  }
  if (!(options.angle > 0 && options.angle <= 180))
    throw new NoiseOptionError(`"angle" must be above 0 and at most 180 degrees; got ${options.angle}.`);
  for (const [name, least] of [
    ['neighbours', 1],
    ['seed', 0],
  ] as const)
    if (!Number.isInteger(options[name]) || options[name] < least)
      throw new NoiseOptionError(`"${name}" must be a whole number from ${least}; got ${options[name]}.`);
  return options;
}

/** Returns the options that are not undefined: those do not replace a default. */
const definedOf = (given: GivenNoiseOptions): Omit<GivenNoiseOptions, 'index'> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
