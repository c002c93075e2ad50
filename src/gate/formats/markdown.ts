import type { GateFormat } from '../format.js';
import { figureOf, moreOf, verdictOf } from '../in-words.js';

/**
 * Punctuation that Markdown may make something of, as character references: those never start markup, in a table
 * neither. What is left of links are their letters.
 */
const plain = (text: string): string =>
  text.replace(/[\\`*_{}[\]()#+!|<>~@&$]|:(?=\/\/)|(?<=\bwww)\./g, (mark) => `&#${mark.charCodeAt(0)};`);

/** For the summary of a step of GitHub Actions, or a comment. */
export const markdownFormat: GateFormat = {
  name: 'markdown',
  write(result) {
    const rows = result.rules.map((rule) => [
      rule.failsGate ? `**${rule.outcome}**` : rule.outcome,
      `\`${rule.id}\``,
      figureOf(rule),
      plain(rule.expected),
      plain(rule.describe),
    ]);
    const table = [['', 'rule', 'actual', 'expected', ''], ['---', '---', '---:', '---', '---'], ...rows];
    const more = result.rules
      .filter((rule) => moreOf(rule).length > 0)
      .flatMap((rule) => ['', `**\`${rule.id}\`**`, '', ...moreOf(rule).map((line) => `- ${plain(line)}`)]);
    const lines = table.map((cells) => `| ${cells.join(' | ')} |`);
    return `${['## facesieve gate', '', plain(verdictOf(result)), '', ...lines, ...more].join('\n')}\n`;
  },
};
