import { onTestFinished } from 'vitest';
import { silentProgress } from '../../src/core/progress.js';
import { type RawLayer, resolveConfig } from '../../src/core/resolve-config.js';
import type { StageContext } from '../../src/workspace/stage.js';
import { openWorkspace, type Workspace } from '../../src/workspace/workspace.js';

/** Settings under which a tiny crawl trains in a second. */
export const tinySettings: RawLayer = {
  align: 'none',
  size: 16,
  backbone: 'plain-4',
  embeddingSize: 16,
  epochs: 6,
  batchSize: 8,
  learningRate: 0.05,
  threads: 2,
};

/** A stage's context on the workspace `folder`, closed after the test. */
export function contextOf(folder: string, settings: RawLayer = {}, signal?: AbortSignal): StageContext {
  const workspace = openWorkspace(folder);
  onTestFinished(() => workspace.close());
  return contextFrom(workspace, settings, signal);
}

/** A stage's context on a workspace that is open. */
export function contextFrom(workspace: Workspace, settings: RawLayer = {}, signal?: AbortSignal): StageContext {
  return {
    workspace,
    config: resolveConfig({ ...tinySettings, ...settings }),
    progress: silentProgress,
    signal: signal ?? new AbortController().signal,
    force: false,
  };
}
