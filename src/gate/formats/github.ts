import { visibleText } from '../../core/text/visible-text.js';
import type { GateFormat } from '../format.js';
import { offenderLines, sentenceOf, verdictOf } from '../in-words.js';
import type { GateResult, JudgedRule } from '../judge.js';

/** An annotation is a few lines beside the code. */
const SHOWN_OFFENDERS = 5;

/** What the runner undoes in the message of a workflow command. */
const data = (text: string): string => text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
const property = (text: string): string => data(visibleText(text)).replace(/:/g, '%3A').replace(/,/g, '%2C');

/** Workflow commands of GitHub Actions, one line each: an annotation a rule that did not pass, and one that sums up. */
export const githubFormat: GateFormat = {
  name: 'github',
  write(result) {
    const passed = result.rules.filter(({ outcome }) => outcome === 'pass').map(({ id }) => `${id}: pass`);
    const level = result.passed ? 'notice' : 'error';
    const sums = `::${level} title=facesieve gate::${data([verdictOf(result), ...passed].join('\n'))}`;
    const rules = result.rules.filter(({ outcome }) => outcome !== 'pass');
    return `${[...rules.map((rule) => annotation(rule, result)), sums].join('\n')}\n`;
  },
};

function annotation(rule: JudgedRule, { rulesFile }: GateResult): string {
  const level = rule.failsGate ? 'error' : rule.outcome === 'warn' ? 'warning' : 'notice';
  const place = rulesFile === null ? '' : `file=${property(rulesFile)},line=${rule.line},`;
  const message = [sentenceOf(rule), ...offenderLines(rule, SHOWN_OFFENDERS)].join('\n');
  return `::${level} ${place}title=${property(`facesieve gate: ${rule.id} ${rule.outcome}`)}::${data(message)}`;
}
