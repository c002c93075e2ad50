import { z } from 'zod';
import {
  type Config,
  configSchema,
  defaults,
  frozenDefaults,
  isFrozen,
  packName,
  pretrainedDefaults,
  pretrainedName,
} from './config.js';
import { ConfigError, SettingError } from './errors.js';
import { suggestName } from './nearest-name.js';
import { issueInWords } from './setting-words.js';

export type ConfigLayer = Record<string, unknown>;

/**
 * Defaults overlaid by `layers`, weakest first (preset, config file, flags); undefined values do not count. A frozen
 * model has defaults of its own.
 * @throws ConfigError naming the layer's key, the nearest known one, or the value's fault.
 */
export function resolveConfig(...layers: ConfigLayer[]): Config {
  const merged: ConfigLayer = {};
  for (const layer of layers) {
    if (layer.loss !== undefined && layer.loss !== (merged.loss ?? defaults.loss)) delete merged.lossSettings; // another's
    for (const [key, value] of Object.entries(layer)) if (value !== undefined) merged[key] = value;
  }

  const backbone = typeof merged.backbone === 'string' ? merged.backbone : defaults.backbone;
  const parsed = configSchema.safeParse({
    ...defaults,
    ...(isFrozen(backbone) && frozenDefaults),
    ...((pretrainedName(backbone) ?? packName(backbone)) !== undefined && pretrainedDefaults),
    ...(merged.subcenters !== undefined && { imagesPerSubcenter: 0 }), // K that somebody asks for is K
    ...merged,
  });
  if (parsed.success) return parsed.data;
  throw configErrorOf(parsed.error, merged);
}

/** Settings of earlier versions, and where they are now. */
const MOVED: Record<string, string> = {
  scale: 'the loss\'s own: "lossSettings": { "scale": 64 }',
  marginDegrees: 'the loss\'s own: "lossSettings": { "marginDegrees": 28.6 }',
};

function configErrorOf(error: z.ZodError, given: ConfigLayer): ConfigError {
  const issue = error.issues[0];
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0];
    return new ConfigError(`"${key}" is not a setting.`, [
      ...(key in MOVED ? [`It is ${MOVED[key]} now.`] : suggestName(key, Object.keys(configSchema.shape))),
    ]);
  }
  const path = issue.path.map(String);
  const value = path.reduce<unknown>((at, key) => (at as ConfigLayer | undefined)?.[key], given);
  const choices = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  return new SettingError(path, issueInWords(issue, value), suggestName(String(value), choices));
}
