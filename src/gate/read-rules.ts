import { existsSync } from 'node:fs';
import { type Document, LineCounter, parseDocument, isMap, isNode, isScalar, isSeq } from 'yaml';
import { z } from 'zod';
import { FormatError, PathError } from '../core/errors.js';
import { suggestName } from '../core/nearest-name.js';
import { readGivenText } from '../core/regular-file.js';
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
  const text = readGivenText(file);
  if (text.length > MOST_CHARACTERS)
    throw new FormatError(`${file} has ${text.length} characters; rules have at most ${MOST_CHARACTERS}.`, [EXAMPLE]);
  const lines = new LineCounter();
  const { value, document } = parseText(text, file, lines);
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success) throw explainIssue(parsed.error.issues[0], file);
  parsed.data.rules.forEach((rule) => checkRule(rule, file));
  const starts = linesOfRules(document, lines);
  return parsed.data.rules.map((rule, i) => ({ ...rule, line: starts[i] ?? 1 }));
}

/** Longer ones hold something else: the work of reading them grows with what they nest and repeat. */
const MOST_CHARACTERS = 1 << 16;

interface ParsedRules {
  value: unknown;
  document: Document;
}

/** JSON is YAML enough to tell its lines. Keys that are there twice are found here: the parser compares each with all. */
function parseText(text: string, file: string, lineCounter: LineCounter): ParsedRules {
  const isYaml = /\.ya?ml$/i.test(file);
  try {
    const value: unknown = isYaml ? undefined : JSON.parse(text);
    const document: Document = parseDocument(text, { lineCounter, uniqueKeys: false });
    if (!isYaml) return { value, document };
    if (document.errors.length > 0) throw document.errors[0];
    for (const map of mapsOf(document)) refuseTwins(map);
    return { value: document.toJS(), document };
  } catch (error) {
    const reason = error instanceof RangeError ? 'it is nested too deeply' : firstLine((error as Error).message);
    throw new FormatError(`${file} cannot be parsed: ${reason}.`);
  }
}

/** The maps that hold rules: the whole, and each rule. */
function mapsOf({ contents }: Document): unknown[] {
  const rules = isMap(contents) ? contents.get('rules') : undefined;
  return [contents, ...(isSeq(rules) ? rules.items : [])];
}

function refuseTwins(map: unknown): void {
  if (!isMap(map)) return;
  const seen = new Set<unknown>();
  for (const { key } of map.items) {
    const name = isScalar(key) ? key.value : key;
    if (seen.has(name)) throw new Error(`the key "${String(name)}" is there twice`);
    seen.add(name);
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
      throw new FormatError(`${file}: the bound of rule "${id}" must be between 0 and 1; got ${value}.`, [
        'The bound is a share: five in a hundred is 0.05.',
      ]);
  }
  if (min !== undefined && max !== undefined && min > max)
    throw new FormatError(`${file}: rule "${id}" asks for at least ${min} and at most ${max}.`, ['Swap the two.']);
}

/** Line of each rule, from 1. */
function linesOfRules(document: Document, lineCounter: LineCounter): number[] {
  const rules = isMap(document.contents) ? document.contents.get('rules') : undefined;
  if (!isSeq(rules)) return [];
  return rules.items.map((item) => (isNode(item) && item.range ? lineCounter.linePos(item.range[0]).line : 1));
}
