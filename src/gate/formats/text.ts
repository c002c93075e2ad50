import { table } from '../../report/table.js';
import type { GateFormat } from '../format.js';
import { aboutRule, figureOf, offenderLines, verdictOf } from '../in-words.js';

export const textFormat: GateFormat = {
  name: 'text',
  write(result) {
    const rows = result.rules.map((rule) => [
      `${rule.outcome.toUpperCase()}${rule.failsGate && rule.outcome !== 'fail' ? ' (fails)' : ''}`,
      rule.id,
      figureOf(rule),
      rule.expected,
      aboutRule(rule),
    ]);
    const broken = result.rules.filter(({ offenders }) => offenders.length > 0);
    const named = broken.map((rule) => [rule.id, ...offenderLines(rule).map((line) => `  ${line}`)].join('\n'));
    return `${[table(['', 'rule', 'actual', 'expected', ''], rows), ...named, verdictOf(result)].join('\n\n')}\n`;
  },
};
