import { existsSync, readFileSync, statSync } from 'node:fs';
import { LineCounter, parse as parseYaml, parseDocument, isNode, isSeq } from 'yaml';
import { z } from 'zod';
import { FormatError, PathError } from '../core/errors.js';
import { suggestName } from '../core/nearest-name.js';
import type { Bounds } from './rule.js';
import { gateRules } from './rules.js';

const ruleSchema = z.strictObject({
  id: z.string(),
  min: z.number().optional(),
  max: z.number().optional(),
  severity: z.enum(['error', 'warn']).default('error'),
});
const fileSchema = z.strictObject({ rules: z.array(ruleSchema).min(1) });

/** A rule as a file asks for it, and the line it starts on, from 1. */
export type RequiredRule = z.infer<typeof ruleSchema> & { line: number };

const EXAMPLE = 'Expected {"rules":[{"id":"noise-rate","max":0.05,"severity":"error"}]}';

/** The rules of a JSON or YAML file, checked. @throws PathError, FormatError naming the rule and the nearest known id */
export function readRules(file: string): RequiredRule[] {
  if (!existsSync(file)) throw new PathError(`There is no rules file "${file}".`, ['Check the path after --rules.']);
  if (!statSync(file).isFile()) throw new PathError(`"${file}" is not a file of rules.`, [EXAMPLE]);
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  const parsed = fileSchema.safeParse(parseText(text, file));
  if (!parsed.success) throw explainIssue(parsed.error.issues[0], file);
  parsed.data.rules.forEach((rule) => checkRule(rule, file));
  const lines = linesOfRules(text);
  return parsed.data.rules.map((rule, i) => ({ ...rule, line: lines[i] ?? 1 }));
}

function parseText(text: string, file: string): unknown {
  try {
    return /\.ya?ml$/i.test(file) ? parseYaml(text) : JSON.parse(text);
  } catch (error) {
    throw new FormatError(`${file} cannot be parsed: ${firstLine((error as Error).message)}.`);
  }
}

const firstLine = (text: string): string => text.split('\n')[0].replace(/[.:]$/, '');

function explainIssue(issue: z.core.$ZodIssue, file: string): FormatError {
  const place = issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  if (issue.code !== 'unrecognized_keys') return new FormatError(`${file}: ${place}${issue.message}.`, [EXAMPLE]);
  const known = Object.keys(issue.path.length > 0 ? ruleSchema.shape : fileSchema.shape);
  const [wrong] = issue.keys;
  return new FormatError(`${file}: ${place}there is no key "${wrong}".`, [
    ...suggestName(wrong, known),
    `Keys: ${known.join(', ')}.`,
  ]);
}

type Rule = z.infer<typeof ruleSchema>;

function checkRule({ id, min, max }: Rule, file: string): void {
  const known = gateRules.find((rule) => rule.id === id);
  const ids = gateRules.map((rule) => rule.id);
  if (!known)
    throw new FormatError(`${file}: there is no rule "${id}".`, [...suggestName(id, ids), `Rules: ${ids.join(', ')}.`]);
  if (min === undefined && max === undefined)
    throw new FormatError(`${file}: rule "${id}" sets no bound.`, [`Give it ${known.bounds.join(' or ')}.`]);
  for (const [bound, value] of Object.entries({ min, max }) as [keyof Bounds, number | undefined][]) {
    if (value === undefined) continue;
    if (!known.bounds.includes(bound))
      throw new FormatError(`${file}: rule "${id}" takes no "${bound}".`, [`It takes ${known.bounds.join(' and ')}.`]);
    if (known.unit === 'share' && (value < 0 || value > 1))
      throw new FormatError(`${file}: rule "${id}" is about a share, and ${value} is none.`, [
        'Shares lie between 0 and 1: five in a hundred is 0.05.',
      ]);
  }
  if (min !== undefined && max !== undefined && min > max)
    throw new FormatError(`${file}: rule "${id}" asks for at least ${min} and at most ${max}.`, ['Swap the two.']);
}

/** Line of each rule, from 1. JSON is YAML enough for this. */
function linesOfRules(text: string): number[] {
  const lineCounter = new LineCounter();
  const rules = parseDocument(text, { lineCounter }).get('rules');
  if (!isSeq(rules)) return [];
  return rules.items.map((item) => (isNode(item) && item.range ? lineCounter.linePos(item.range[0]).line : 1));
}
