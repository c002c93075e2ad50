import type { Workspace } from '../store/workspace.js';
import { gatherMetrics } from './gather-metrics.js';
import { type GateResult, judge } from './judge.js';
import { readRules } from './read-rules.js';

/** Holds the workspace to a rules file. @throws PathError, FormatError, MissingStageError */
export const gate = (workspace: Workspace, rulesFile: string): GateResult =>
  judge(readRules(rulesFile), gatherMetrics(workspace));
