// A rule of textlint (--rulesdir scripts/prose): reports what scripts/plain-english.js finds in the prose of Markdown.
import { proseFaults } from '../plain-english.js';

const notProse = new Set(['Code', 'Html', 'Image']);

/** Yields the [start, end) of code, HTML, pictures and link addresses below `node`. */
function* masked(node) {
  if (notProse.has(node.type)) yield node.range;
  else if (node.type === 'Link') {
    const text = node.children.at(-1);
    if (text) yield [text.range[1] + 1, node.range[1]];
    for (const child of node.children) yield* masked(child);
  } else for (const child of node.children ?? []) yield* masked(child);
}

/** Returns the source of `node` with what is not prose replaced by as many "■". */
function proseOf(node, source) {
  let text = source;
  for (const [start, end] of masked(node)) {
    const [from, to] = [start - node.range[0], end - node.range[0]];
    text = text.slice(0, from) + '■'.repeat(to - from) + text.slice(to);
  }
  return text;
}

export default function plainEnglish({ Syntax, RuleError, report, locator, getSource }) {
  const check = (options) => (node) => {
    for (const { index, message } of proseFaults(proseOf(node, getSource(node)), options))
      report(node, new RuleError(message, { padding: locator.at(index) }));
  };
  return {
    [Syntax.Paragraph]: check(),
    [Syntax.Header]: check({ sentences: false }),
    [Syntax.TableCell]: check({ sentences: false }),
  };
}
