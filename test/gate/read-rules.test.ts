import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FacesieveError } from '../../src/core/errors.js';
import { readRules } from '../../src/gate/read-rules.js';
import { expectProcessorTime } from '../helpers/processor-time.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

function read(text: string, name = 'rules.json') {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, text);
  return readRules(file);
}
function refusal(text: string, name?: string): string {
  try {
    read(text, name);
  } catch (error) {
    if (error instanceof FacesieveError) return [error.message, ...error.suggestions].join(' ');
    throw error;
  }
  throw new Error('it was taken');
}

describe('a rules file', () => {
  it('is JSON or YAML, and every rule knows its line', () => {
    const yaml =
      '# what we hold the set to\nrules:\n  - id: identities\n    min: 2\n  - { id: drift, max: 0.1, severity: warn }\n';
    const expected = [
      { id: 'identities', min: 2, severity: 'error' },
      { id: 'drift', max: 0.1, severity: 'warn' },
    ];
    expect(read(yaml, 'rules.yaml')).toMatchObject(expected.map((rule, i) => ({ ...rule, line: [3, 5][i] })));
    expect(read(yaml, 'RULES.YML')).toMatchObject(expected);
    const json = `\uFEFF${JSON.stringify({ rules: expected }, null, '\t')}`;
    const lines = json.split('\n').flatMap((line, i) => (line.trim() === '{' && i > 0 ? [i + 1] : []));
    expect(read(json)).toMatchObject(expected.map((rule, i) => ({ ...rule, line: lines[i] })));
  });

  it.each([
    ['an unknown rule', '{"rules":[{"id":"noise-rat","max":1}]}', 'no rule "noise-rat". Did you mean "noise-rate"?'],
    ['an unknown key', '{"rules":[{"id":"drift","mx":1}]}', 'rules.0: there is no key "mx". Did you mean "max"?'],
    ['an unknown key above', '{"rule":[],"rules":[{"id":"drift","max":1}]}', 'no key "rule". Did you mean "rules"?'],
    ['no bound', '{"rules":[{"id":"noise-rate"}]}', 'sets no bound. Give it max.'],
    ['the wrong bound', '{"rules":[{"id":"noise-rate","min":0.1}]}', 'takes no "min". It takes max.'],
    ['percent', '{"rules":[{"id":"noise-rate","max":5}]}', 'must be between 0 and 1; got 5'],
    ['bounds that cross', '{"rules":[{"id":"identities","min":5,"max":2}]}', 'at least 5 and at most 2'],
    ['another severity', '{"rules":[{"id":"drift","max":1,"severity":"fatal"}]}', 'rules.0.severity'],
    ['words for numbers', '{"rules":[{"id":"drift","max":"1"}]}', 'rules.0.max'],
    ['no rules', '{"rules":[]}', 'Expected {"rules"'],
    ['nothing', 'null', 'Expected {"rules"'],
    ['half a file', '{"rules":[{"id"', 'cannot be parsed'],
  ])('with %s is refused', (_, text, tells) => {
    expect(refusal(text)).toContain(tells);
  });

  it('takes no longer for what it repeats or nests', async () => {
    const keys = Array.from({ length: 100_000 }, (_, i) => `k${i}: 1\n`).join('');
    expect(refusal(`rules:\n  - id: drift\n    max: 1\n${keys}`, 'rules.yaml')).toContain('at most 65536');
    const some = Array.from({ length: 5000 }, (_, i) => `k${i}: 1\n`).join('');
    await expectProcessorTime(20, () => {
      expect(refusal(some, 'rules.yaml')).toContain('Expected {"rules"');
      expect(refusal('['.repeat(60_000), 'rules.yaml')).toContain('cannot be parsed');
    });
    expect(refusal('rules:\n  - id: drift\n    max: 1\n    max: 2\n', 'rules.yaml')).toContain('"max" is there twice');
    expect(refusal('rules: []\nrules: []\n', 'rules.yaml')).toContain('"rules" is there twice');
  });

  it('of broken YAML, or that is no file, is refused', () => {
    expect(refusal('rules: [\n', 'rules.yaml')).toContain('cannot be parsed');
    const folder = join(temporaryFolder(), 'rules.json');
    mkdirSync(folder);
    expect(() => readRules(folder)).toThrow('it is a folder, not a regular file');
    expect(() => readRules(join(folder, 'none.json'))).toThrow('There is no rules file');
  });
});
