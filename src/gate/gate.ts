import { MissingStageError } from '../core/errors.js';
import type { Workspace } from '../workspace/workspace.js';
import { readBaseline, writeBaseline } from './baseline.js';
import { gatherMetrics } from './gather-metrics.js';
import { type FailOn, type GateResult, judge } from './judge.js';
import { readRules } from './read-rules.js';

export interface GateOptions {
  /** File of rules; without one the gate judges nothing. */
  rules?: string;
  failOn?: readonly FailOn[];
  /** Profile of an earlier set, for the rule `drift`. */
  baseline?: string;
  /** Where to write this set's profile; not done when the gate fails. */
  writeBaseline?: string;
}

/** Holds the workspace to rules. @throws PathError, FormatError, MissingStageError */
export function gate(workspace: Workspace, options: GateOptions): GateResult {
  const required = options.rules === undefined ? [] : readRules(options.rules);
  const metrics = gatherMetrics(workspace, options.baseline === undefined ? undefined : readBaseline(options.baseline));
  const rules = judge(required, metrics, options.failOn);
  if ('notRun' in metrics.decided && rules.length > 0 && rules.every(({ outcome }) => outcome === 'not-run'))
    throw new MissingStageError(`None of the rules can be measured: ${metrics.decided.notRun}.`, ['facesieve sift']);
  const passed = !rules.some(({ failsGate }) => failsGate);
  const target = passed ? options.writeBaseline : undefined;
  if (target !== undefined) {
    if ('notRun' in metrics.profile) throw new MissingStageError(`No baseline: ${metrics.profile.notRun}.`);
    writeBaseline(target, metrics.profile.known);
  }
  return { passed, rulesFile: options.rules ?? null, rules, baselineWritten: target ?? null };
}
