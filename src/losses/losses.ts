import { ConfigError } from '../core/errors.js';
import { suggestName } from '../core/nearest-name.js';
import { aSoftmax } from './a-softmax.js';
import { amSoftmax } from './am-softmax.js';
import { arcface } from './arcface.js';
import { cosface } from './cosface.js';
import { gbCosface } from './gb-cosface.js';
import { joint } from './joint.js';
import { lSoftmax } from './l-softmax.js';
import type { Loss } from './loss.js';
import { magface } from './magface.js';
import { normSoftmax } from './norm-softmax.js';
import { simplex } from './simplex.js';

/** Every loss by name: one file and one line here. */
export const losses: readonly Loss[] = [
  arcface,
  cosface,
  amSoftmax,
  lSoftmax,
  aSoftmax,
  magface,
  gbCosface,
  simplex,
  normSoftmax,
  joint,
];

/** @throws ConfigError with the nearest known name */
export function lossNamed(name: string): Loss {
  const found = losses.find((loss) => loss.name === name);
  if (found) return found;
  const names = losses.map((loss) => loss.name);
  throw new ConfigError(`There is no loss "${name}"; there are ${names.join(', ')}.`, suggestName(name, names));
}
