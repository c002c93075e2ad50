import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { ConfigError, PathError } from '../core/errors.js';
import { readGivenText } from '../core/regular-file.js';
import { suggestName } from '../core/nearest-name.js';
import type { RawLayer } from '../core/resolve-config.js';

const presets = new URL('../../data/presets/', import.meta.url);

/** @throws PathError, ConfigError when the file is not a JSON object */
export function readConfigFile(file: string): RawLayer {
  if (!existsSync(file)) throw new PathError(`There is no config file "${file}".`, ['Check the path after --config.']);
  return parseLayer(readGivenText(file), file);
}

/** @throws ConfigError naming the presets there are */
export function readPreset(name: string): RawLayer {
  const names = presetNames();
  if (!names.includes(name))
    throw new ConfigError(`There is no preset "${name}"; there are ${names.join(', ')}.`, suggestName(name, names));
  const file = new URL(`${name}.json`, presets);
  return parseLayer(readFileSync(file, 'utf8'), file.pathname);
}

export const presetNames = (): string[] =>
  readdirSync(presets)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.replace('.json', ''));

function parseLayer(text: string, file: string): RawLayer {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as RawLayer;
  } catch (error) {
    throw new ConfigError(`"${file}" is not JSON: ${(error as Error).message}.`);
  }
  throw new ConfigError(`"${file}" must hold one JSON object of settings.`);
}
