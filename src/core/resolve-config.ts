import { z } from 'zod';
import {
  type Config,
  type ConfigLayer,
  configSchema,
  defaults,
  frozenDefaults,
  isFrozen,
  packName,
  pretrainedDefaults,
  pretrainedName,
  type Section,
} from './config.js';
import { ConfigError, SettingError } from './errors.js';
import { suggestName } from './nearest-name.js';
import { placeInWords, settingPlaces } from './setting-places.js';
import { issueInWords } from './setting-words.js';

/** Settings as flags and files give them: sections, or single settings by their flat names. Not validated. */
export type RawLayer = Record<string, unknown>;

type Nested = Record<string, unknown>;

const isObject = (value: unknown): value is Nested =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isSection = (name: string): name is Section => isObject(defaults[name as keyof Config]);

/**
 * Defaults overlaid by `layers`, weakest first (preset, config file, flags); undefined values do not count. A layer holds
 * sections, such as `{ train: { epochs: 5 } }`, or settings by their flat names, `{ epochs: 5 }`. A frozen model has
 * defaults of its own.
 * @throws ConfigError if a setting is unknown (it names the nearest known one) or a value is out of range
 */
export function resolveConfig(...layers: (RawLayer | ConfigLayer)[]): Config {
  const merged: Nested = {};
  for (const layer of layers.map(inSections)) {
    const { loss } = sectionOf(layer, 'train');
    if (loss !== undefined && loss !== (sectionOf(merged, 'train').loss ?? defaults.train.loss))
      delete sectionOf(merged, 'train').lossSettings; // another loss's
    overlay(merged, layer);
  }

  const { backbone: named } = sectionOf(merged, 'model');
  const backbone = typeof named === 'string' ? named : defaults.model.backbone;
  const config: Nested = {};
  overlay(config, defaults);
  if (isFrozen(backbone)) overlay(config, frozenDefaults);
  if ((pretrainedName(backbone) ?? packName(backbone)) !== undefined) overlay(config, pretrainedDefaults);
  if (sectionOf(merged, 'train').subcenters !== undefined) overlay(config, { train: { imagesPerSubcenter: 0 } }); // K that somebody asks for is K
  overlay(config, merged);
  const parsed = configSchema.safeParse(config);
  if (parsed.success) return parsed.data;
  throw configErrorOf(parsed.error, merged);
}

const sectionOf = (layer: Nested, name: Section): Nested => (isObject(layer[name]) ? layer[name] : {});

/** Puts what `layer` says over `under`, section by section. */
function overlay(under: Nested, layer: Nested): void {
  for (const [name, value] of Object.entries(layer)) {
    if (value === undefined) continue;
    if (!isSection(name) || !isObject(value)) under[name] = value;
    else {
      const section: Nested = { ...sectionOf(under, name) };
      for (const [key, setting] of Object.entries(value)) if (setting !== undefined) section[key] = setting;
      under[name] = section;
    }
  }
}

/**
 * `layer` with its flat settings in their sections. Runs of earlier versions stored all their settings flat.
 * @throws ConfigError if a flat name is no setting
 */
export function inSections(layer: RawLayer): Nested {
  const nested: Nested = {};
  for (const [name, value] of Object.entries(layer)) {
    if (isSection(name) && isObject(value)) overlay(nested, { [name]: value });
    else {
      const place = settingPlaces.get(name);
      if (!place) throw unknownSetting(name);
      overlay(nested, place.section === null ? { [name]: value } : { [place.section]: { [place.key]: value } });
    }
  }
  return nested;
}

/**
 * The config that a run stored: settings it did not know yet are the defaults of today, settings that are gone are left
 * out, and flat ones, as earlier versions stored them, are put into their sections.
 */
export function storedConfig(json: string): Config {
  const config: Nested = {};
  overlay(config, defaults);
  const stored = JSON.parse(json) as RawLayer;
  const known = Object.entries(stored).filter(
    ([name, value]) => (isSection(name) && isObject(value)) || settingPlaces.has(name),
  );
  overlay(config, inSections(Object.fromEntries(known)));
  return config as Config;
}

/** Settings of earlier versions, and where they are now. */
const MOVED: Readonly<Record<string, string>> = {
  scale: 'the loss\'s own: "train": { "lossSettings": { "scale": 64 } }',
  marginDegrees: 'the loss\'s own: "train": { "lossSettings": { "marginDegrees": 28.6 } }',
};

/** @param within the section it was given in */
function unknownSetting(name: string, within?: string): ConfigError {
  const asked = within === undefined ? name : `${within}.${name}`;
  const place = settingPlaces.get(name);
  const there = place && `It is "${placeInWords(place)}".`;
  const moved = name in MOVED ? `It is ${MOVED[name]} now.` : undefined;
  const known = [...[...settingPlaces].map(([flat]) => flat), ...Object.keys(defaults)];
  const said = moved ?? there;
  return new ConfigError(`"${asked}" is not a setting.`, said ? [said] : suggestName(name, known));
}

function configErrorOf(error: z.ZodError, given: Nested): ConfigError {
  const issue = error.issues[0];
  if (issue.code === 'unrecognized_keys') return unknownSetting(issue.keys[0], issue.path.join('.') || undefined);
  const path = issue.path.map(String);
  const value = path.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), given);
  const choices = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  return new SettingError(path, issueInWords(issue, value), suggestName(String(value), choices));
}
