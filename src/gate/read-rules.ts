import { existsSync, readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { FormatError, PathError } from '../core/errors.js';
import { suggestName } from '../core/nearest-name.js';
import { gateRules } from './rules.js';

const ruleSchema = z.strictObject({
  id: z.string(),
  min: z.number().optional(),
  max: z.number().optional(),
  severity: z.enum(['error', 'warn']).default('error'),
});
const fileSchema = z.strictObject({ rules: z.array(ruleSchema).min(1) });

export type RequiredRule = z.infer<typeof ruleSchema>;

/** The rules of a JSON or YAML file, checked. @throws PathError, FormatError naming the rule and the nearest known id */
export function readRules(file: string): RequiredRule[] {
  if (!existsSync(file)) throw new PathError(`There is no rules file "${file}".`, ['Check the path after --rules.']);
  const parsed = fileSchema.safeParse(parseFile(file));
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    throw new FormatError(`${file}: ${path.length > 0 ? `${path.join('.')}: ` : ''}${message}.`, [
      'Expected {"rules":[{"id":"noise-rate","max":0.05,"severity":"error"}]}',
    ]);
  }
  parsed.data.rules.forEach((rule) => checkRule(rule, file));
  return parsed.data.rules;
}

function parseFile(file: string): unknown {
  const text = readFileSync(file, 'utf8');
  try {
    return /\.ya?ml$/i.test(file) ? parseYaml(text) : JSON.parse(text);
  } catch (error) {
    throw new FormatError(`${file} cannot be parsed: ${firstLine((error as Error).message)}.`);
  }
}

const firstLine = (text: string): string => text.split('\n')[0];

function checkRule({ id, min, max }: RequiredRule, file: string): void {
  const known = gateRules.find((rule) => rule.id === id);
  const ids = gateRules.map((rule) => rule.id);
  if (!known)
    throw new FormatError(`${file}: there is no rule "${id}".`, [...suggestName(id, ids), `Rules: ${ids.join(', ')}.`]);
  if (min === undefined && max === undefined)
    throw new FormatError(`${file}: rule "${id}" sets no bound.`, [`Give it ${known.bounds.join(' or ')}.`]);
  for (const [bound, value] of [['min', min] as const, ['max', max] as const])
    if (value !== undefined && !known.bounds.includes(bound))
      throw new FormatError(`${file}: rule "${id}" takes no "${bound}".`, [`It takes ${known.bounds.join(' and ')}.`]);
}
