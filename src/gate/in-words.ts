import { visibleText } from '../core/text/visible-text.js';
import type { GateResult, JudgedRule } from './judge.js';

/** Offenders that a format for people names. */
const SHOWN = 10;

export const figureOf = ({ actual }: JudgedRule): string => (actual === null ? '' : String(Number(actual.toFixed(4))));

/** The outcome of a rule as a sentence; one line. */
export function sentenceOf(rule: JudgedRule): string {
  const detail = visibleText(rule.detail ?? '');
  if (rule.outcome === 'not-run') return `${rule.id} was not run: ${detail}`;
  const held = rule.outcome === 'pass' ? 'as asked for' : 'not';
  return `${rule.id} is ${figureOf(rule)}, ${held} ${rule.expected} (${rule.describe}${detail && `: ${detail}`})`;
}

/** What there is to say of a rule below a table of all: who broke it, what its figure is made of, why it was not run. */
export const moreOf = (rule: JudgedRule): string[] =>
  rule.offenders.length > 0 || rule.detail === null ? offenderLines(rule) : [visibleText(rule.detail)];

/** One line each of the first offenders, and a line that tells of the rest. */
export function offenderLines({ offenders, offenderCount }: JudgedRule, most = SHOWN): string[] {
  const lines = offenders.slice(0, most).map(({ name, detail }) => `${visibleText(name)}: ${visibleText(detail)}`);
  const rest = offenderCount - lines.length;
  return rest > 0 ? [...lines, `and ${rest} more`] : lines;
}

export const countOf = ({ rules }: GateResult, outcome: JudgedRule['outcome']): number =>
  rules.filter((rule) => rule.outcome === outcome).length;

/** `gate passed: 3 passed, 0 failed, 1 warned, 2 not run` */
export function verdictOf(result: GateResult): string {
  const counts = (['pass', 'fail', 'warn', 'not-run'] as const).map((outcome) => countOf(result, outcome));
  const [passed, failed, warned, notRun] = counts;
  const nothing = result.passed && notRun === result.rules.length ? ', but nothing was measured' : '';
  return `gate ${result.passed ? 'passed' : 'FAILED'}${nothing}: ${passed} passed, ${failed} failed, ${warned} warned, ${notRun} not run`;
}
