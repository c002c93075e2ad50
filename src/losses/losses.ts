import { ConfigError } from '../core/errors.js';
import { suggestName } from '../core/nearest-name.js';
import { arcface } from './arcface.js';
import type { Loss } from './loss.js';

/** Every loss by name: one file and one line here. */
export const losses: readonly Loss[] = [arcface];

/** @throws ConfigError with the nearest known name */
export function lossNamed(name: string): Loss {
  const found = losses.find((loss) => loss.name === name);
  if (found) return found;
  const names = losses.map((loss) => loss.name);
  throw new ConfigError(`There is no loss "${name}"; there are ${names.join(', ')}.`, suggestName(name, names));
}
