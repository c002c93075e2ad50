import type { Run } from '../store/runs.js';
import type { Report } from '../report/report.js';
import { readFact, type Workspace } from '../store/workspace.js';
import type { Chain } from './chain.js';

/** What each stage heeded: exactly what its run's id is made of. */
export function gatherSettings(workspace: Workspace, { train, sift, retrain }: Chain): Report['settings'] {
  const groups: Report['settings'] = [
    { stage: 'ingest', values: { ...factOf(workspace, 'sources'), ...factOf(workspace, 'crop') } },
    { stage: 'train', values: settingsOf(train) },
    { stage: 'sift', values: settingsOf(sift) },
    { stage: 'retrain', values: settingsOf(retrain) },
  ];
  return groups.filter(({ values }) => Object.keys(values).length > 0);
}

const factOf = (workspace: Workspace, name: string): Record<string, unknown> =>
  JSON.parse(readFact(workspace, name) ?? '{}') as Record<string, unknown>;

const settingsOf = (run: Run | undefined): Record<string, unknown> =>
  (run?.inputs as { settings?: Record<string, unknown> } | undefined)?.settings ?? {};
