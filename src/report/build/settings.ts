import { defaults } from '../../core/config.js';
import { pickSettings, settingPlaces } from '../../core/setting-places.js';
import { settingsOf as lossSettingsOf } from '../../losses/loss-settings.js';
import type { Report } from '../report.js';
import type { Run } from '../../workspace/runs.js';
import { readFact, type Workspace } from '../../workspace/workspace.js';
import type { Lineage } from './lineage.js';

type Values = Record<string, unknown>;

/** What each stage heeded: exactly what its run's id is made of. */
export function buildSettings(workspace: Workspace, { train, sift, retrain }: Lineage): Report['settings'] {
  const groups = [
    { stage: 'ingest', values: { ...factOf(workspace, 'sources'), ...factOf(workspace, 'crop') } },
    { stage: 'train', values: settingsOf(train) },
    { stage: 'sift', values: settingsOf(sift) },
    { stage: 'retrain', values: settingsOf(retrain) },
  ];
  return groups
    .filter(({ values }) => Object.keys(values).length > 0)
    .map(({ stage, values }) => {
      const told = flat(values);
      return { stage, values: told, changed: changedOf(told, flat(defaultsBeside(values))) };
    });
}

const factOf = (workspace: Workspace, name: string): Values => JSON.parse(readFact(workspace, name) ?? '{}') as Values;

const settingsOf = (run: Run | undefined): Values => (run?.inputs as { settings?: Values } | undefined)?.settings ?? {};

/** A loss has its own defaults. */
const defaultsBeside = ({ loss }: Values): Values => ({
  ...pickSettings(defaults, [...settingPlaces.keys()]),
  ...(typeof loss === 'string' && { lossSettings: lossSettingsOf({ loss, lossSettings: {} }) }),
});

const changedOf = (values: Values, usual: Values): string[] =>
  Object.keys(values).filter((name) => name in usual && JSON.stringify(values[name]) !== JSON.stringify(usual[name]));

/** Settings within a setting under `outer.inner`. */
const flat = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === null || typeof value !== 'object' || Array.isArray(value)
        ? [[name, value] as const]
        : Object.entries(value).map(([inner, one]) => [`${name}.${inner}`, one] as const),
    ),
  );
