import { type Config, configSchema, type Section } from './config.js';

/** Where a setting stands: in a section, or at the top (section null). */
export interface SettingPlace {
  section: Section | null;
  key: string;
}

/** Settings whose own name says too little outside of their section, by the name they have in flags and in flat files. */
const FLAT_NAMES: Readonly<Record<string, string>> = { 'index.kind': 'index' };

/** Every setting by its flat name: that of its flag, and of config files before settings had sections. */
export const settingPlaces: ReadonlyMap<string, SettingPlace> = new Map(
  Object.entries(configSchema.shape).flatMap(([name, schema]): (readonly [string, SettingPlace])[] =>
    'shape' in schema
      ? Object.keys(schema.shape).map((key) => [FLAT_NAMES[`${name}.${key}`] ?? key, { section: name as Section, key }])
      : [[name, { section: null, key: name }]],
  ),
);

/** `section.key`, as messages and docs name a setting. */
export const placeInWords = ({ section, key }: SettingPlace): string => (section === null ? key : `${section}.${key}`);

/** The value of the setting with that flat name. */
export function settingOf(config: Config, flatName: string): unknown {
  const { section, key } = settingPlaces.get(flatName)!;
  const holder: Record<string, unknown> = section === null ? config : config[section];
  return holder[key];
}

/** Settings by their flat names: how keys of work, the report and the gate name them. */
export const pickSettings = (config: Config, flatNames: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(flatNames.map((name) => [name, settingOf(config, name)]));
