import { z } from 'zod';
import type { Metrics } from './metrics.js';
import type { RequiredRule } from './read-rules.js';
import type { Bounds } from './rule.js';
import { gateRules } from './rules.js';

export const outcomes = ['pass', 'warn', 'fail', 'not-run'] as const;

/** Outcomes besides `fail` that can be made to fail the gate. */
export const failOnNames = ['warn', 'not-run'] as const;
export type FailOn = (typeof failOnNames)[number];

/** Offenders of one rule that a result names; how many there are is told beside them. */
export const MOST_OFFENDERS = 100;

export const gateSchema = z.object({
  passed: z.boolean(),
  /** As it was named; null when the gate had no rules and only wrote a baseline. */
  rulesFile: z.string().nullable(),
  rules: z.array(
    z.object({
      id: z.string(),
      outcome: z.enum(outcomes),
      actual: z.number().nullable(),
      expected: z.string(),
      severity: z.enum(['error', 'warn']),
      /** Whether it makes the gate fail. */
      failsGate: z.boolean(),
      describe: z.string(),
      /** Why it was not run, whose figure it is, or what it is made of. */
      detail: z.string().nullable(),
      /** In the rules file, from 1. */
      line: z.number().int(),
      /** Images and identities that broke the rule, the worst first, at most 100. */
      offenders: z.array(z.object({ kind: z.enum(['image', 'identity']), name: z.string(), detail: z.string() })),
      offenderCount: z.number().int(),
    }),
  ),
  /** The baseline that was written. */
  baselineWritten: z.string().nullable(),
});
export type GateResult = z.infer<typeof gateSchema>;
export type JudgedRule = GateResult['rules'][number];

/** Holds `metrics` to `rules`. @param failOn outcomes that fail the gate as a broken rule of severity error does */
export const judge = (
  rules: readonly RequiredRule[],
  metrics: Metrics,
  failOn: readonly FailOn[] = [],
): GateResult['rules'] => rules.map((rule) => judgeRule(rule, metrics, failOn));

function judgeRule(rule: RequiredRule, metrics: Metrics, failOn: readonly FailOn[]): JudgedRule {
  const { measure, describe } = gateRules.find(({ id }) => id === rule.id)!;
  const { id, severity, line } = rule;
  const measured = measure(metrics, rule);
  const base = { id, expected: expectation(rule), severity, describe, line };
  if ('notRun' in measured) {
    const none = { actual: null, offenders: [], offenderCount: 0 };
    return { ...base, ...none, outcome: 'not-run', failsGate: failOn.includes('not-run'), detail: measured.notRun };
  }
  const { actual, detail = null } = measured;
  const holds = actual >= (rule.min ?? -Infinity) && actual <= (rule.max ?? Infinity);
  const outcome = holds ? 'pass' : severity === 'error' ? 'fail' : 'warn';
  const offenders = holds ? [] : (measured.offenders ?? []);
  return {
    ...base,
    ...{ outcome, actual, detail },
    failsGate: outcome === 'fail' || (outcome === 'warn' && failOn.includes('warn')),
    offenders: offenders.slice(0, MOST_OFFENDERS),
    offenderCount: offenders.length,
  };
}

const expectation = ({ min, max }: Bounds): string =>
  [min === undefined ? [] : `>= ${min}`, max === undefined ? [] : `<= ${max}`].flat().join(' and ');
