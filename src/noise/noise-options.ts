import { defaults } from '../core/config.js';
import { FacesieveError } from '../core/errors.js';
import type { NeighbourOptions } from '../index/find-neighbours.js';
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

/**
 * Returns the options with the defaults for those that are not given: the same options and seed give the same decisions.
 *
 * @throws NoiseOptionError if a rule does not exist, or a number is out of range
 */
export function noiseOptions(given: Partial<NoiseOptions>): NoiseOptions {
  const options = { ...defaults, ...definedOf(given) };
  if (!(options.rule in rules))
    throw new NoiseOptionError(`There is no rule "${options.rule}".`, [`Rules: ${Object.keys(rules).join(', ')}.`]);
  for (const name of ['dropAt', 'reviewAt', 'targetPrecision', 'targetRecall', 'recallBar'] as const) {
    const value = options[name];
    if (value !== undefined && !(value >= 0 && value <= 1))
      throw new NoiseOptionError(`"${name}" must be between 0 and 1; got ${value}.`);
  }
  if (!Number.isInteger(options.neighbours) || options.neighbours < 1)
    throw new NoiseOptionError(`"neighbours" must be a whole number from 1; got ${options.neighbours}.`);
  if (!Number.isInteger(options.seed) || options.seed < 0)
    throw new NoiseOptionError(`"seed" must be a whole number from 0; got ${options.seed}.`);
  return options;
}

/** Returns the options that are not undefined: those do not replace a default. */
const definedOf = (given: Partial<NoiseOptions>): Partial<NoiseOptions> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
