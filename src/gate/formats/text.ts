import { table } from '../../report/table.js';
import type { GateFormat } from '../format.js';
import type { JudgedRule } from '../judge.js';

const actualOf = ({ actual }: JudgedRule): string => (actual === null ? '' : String(Number(actual.toFixed(4))));

export const textFormat: GateFormat = {
  name: 'text',
  write({ passed, rules }) {
    const rows = rules.map((rule) => [
      rule.outcome.toUpperCase(),
      rule.id,
      actualOf(rule),
      rule.expected,
      rule.detail ? `${rule.describe}: ${rule.detail}` : rule.describe,
    ]);
    const count = (outcome: JudgedRule['outcome']): number => rules.filter((rule) => rule.outcome === outcome).length;
    const sums = `${count('pass')} passed, ${count('fail')} failed, ${count('warn')} warned, ${count('not-run')} not run`;
    return `${table(['', 'rule', 'actual', 'expected', ''], rows)}\n\ngate ${passed ? 'passed' : 'FAILED'}: ${sums}\n`;
  },
};
