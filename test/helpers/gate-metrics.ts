import type { DecisionName } from '../../src/core/records.js';
import type { IdentityCounts, JudgedImage, Metrics } from '../../src/gate/metrics.js';
import { gateSchema, type GateResult, judge } from '../../src/gate/judge.js';
import type { FailOn } from '../../src/gate/judge.js';
import type { RequiredRule } from '../../src/gate/read-rules.js';

export const image = (path: string, final: DecisionName, finalIdentity: string | null): JudgedImage => ({
  ...{ path, identity: path.split('/')[0], final, finalIdentity },
  ...{ reason: `because of ${path}`, pNoise: final === 'drop' ? 0.9 : 0.1 },
});

export const counts = (identity: string, numbers: Partial<IdentityCounts>): IdentityCounts => ({
  ...{ identity, found: 0, copies: 0, dropped: 0, relabelled: 0, left: 0 },
  ...numbers,
});

const unknown = { notRun: 'run something first' };

/** Nothing is known but what is given. */
export const metricsOf = (given: Partial<Metrics>): Metrics => ({
  ...{ readable: 0, unreadable: [], decided: unknown, noiseRate: unknown, proposals: unknown, shared: unknown },
  ...{ verification: unknown, indexRecall: unknown, profile: unknown, baseline: unknown },
  ...given,
});

type Asked = Omit<RequiredRule, 'severity' | 'line'> & Partial<RequiredRule>;

/** What the gate says of `metrics`, as the schema has it. */
export function judgedBy(metrics: Metrics, rules: readonly Asked[], failOn: readonly FailOn[] = []): GateResult {
  const judged = judge(
    rules.map((rule, i) => ({ severity: 'error', line: i + 2, ...rule })),
    metrics,
    failOn,
  );
  const passed = !judged.some(({ failsGate }) => failsGate);
  return gateSchema.parse({ passed, rulesFile: 'rules.yaml', rules: judged, baselineWritten: null });
}
