import { ConfigError } from '../core/errors.js';
import { suggestName } from '../core/nearest-name.js';
import type { Backbone } from './backbone.js';
import { ir18, ir34, ir50, irSe50 } from './backbones/ir-resnet.js';
import { mobilefacenet } from './backbones/mobilefacenet.js';
import { plain4, plain7 } from './backbones/plain.js';
import { sphereface20 } from './backbones/sphereface-20.js';

/** Every backbone by name: one file and one line here. */
export const backbones: readonly Backbone[] = [plain7, plain4, mobilefacenet, ir18, ir34, ir50, irSe50, sphereface20];

/** @throws ConfigError with the nearest known name */
export function backboneNamed(name: string): Backbone {
  const found = backbones.find((backbone) => backbone.name === name);
  if (found) return found;
  const names = backbones.map((backbone) => backbone.name);
  throw new ConfigError(`There is no backbone "${name}"; there are ${names.join(', ')}.`, suggestName(name, names));
}
