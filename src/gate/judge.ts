import { z } from 'zod';
import type { Metrics } from './metrics.js';
import type { RequiredRule } from './read-rules.js';
import { gateRules } from './rules.js';

export const gateSchema = z.object({
  passed: z.boolean(),
  rules: z.array(
    z.object({
      id: z.string(),
      outcome: z.enum(['pass', 'warn', 'fail', 'not-run']),
      actual: z.number().nullable(),
      expected: z.string(),
      severity: z.enum(['error', 'warn']),
      describe: z.string(),
      /** Why it was not run, or whose figure it is. */
      detail: z.string().nullable(),
    }),
  ),
});
export type GateResult = z.infer<typeof gateSchema>;
export type JudgedRule = GateResult['rules'][number];

/** Holds `metrics` to `rules`; the gate is passed when no rule of severity error is broken. */
export function judge(rules: readonly RequiredRule[], metrics: Metrics): GateResult {
  const judged = rules.map((rule) => judgeRule(rule, metrics));
  return { passed: judged.every(({ outcome }) => outcome !== 'fail'), rules: judged };
}

function judgeRule(rule: RequiredRule, metrics: Metrics): JudgedRule {
  const { measure, describe } = gateRules.find(({ id }) => id === rule.id)!;
  const measurement = measure(metrics);
  const base = { id: rule.id, expected: expectation(rule), severity: rule.severity, describe };
  if ('notRun' in measurement) return { ...base, outcome: 'not-run', actual: null, detail: measurement.notRun };
  const { actual, where } = measurement;
  const holds = actual >= (rule.min ?? -Infinity) && actual <= (rule.max ?? Infinity);
  const broken = rule.severity === 'error' ? 'fail' : 'warn';
  return { ...base, outcome: holds ? 'pass' : broken, actual, detail: where ?? null };
}

const expectation = ({ min, max }: RequiredRule): string =>
  [min === undefined ? [] : `>= ${min}`, max === undefined ? [] : `<= ${max}`].flat().join(' and ');
