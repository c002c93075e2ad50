import { table } from '../../core/text/table.js';
import { visibleText } from '../../core/text/visible-text.js';
import type { GateFormat } from '../format.js';
import { figureOf, moreOf, verdictOf } from '../in-words.js';

export const textFormat: GateFormat = {
  name: 'text',
  write(result) {
    const rows = result.rules.map((rule) => [
      `${rule.outcome.toUpperCase()}${rule.failsGate && rule.outcome !== 'fail' ? ' (fails)' : ''}`,
      rule.id,
      figureOf(rule),
      rule.expected,
      rule.describe,
    ]);
    const more = result.rules
      .filter((rule) => moreOf(rule).length > 0)
      .map((rule) => [rule.id, ...moreOf(rule).map((line) => `  ${line}`)].join('\n'));
    const lines = table(['', 'rule', 'actual', 'expected', ''], rows).map(visibleText);
    return `${[lines.join('\n'), ...more, verdictOf(result)].join('\n\n')}\n`;
  },
};
