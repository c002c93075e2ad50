import { join } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { gateFormats } from '../../src/gate/formats.js';
import type { GateResult } from '../../src/gate/judge.js';
import { visibleText } from '../../src/core/text/visible-text.js';
import { counts, judgedBy, metricsOf } from '../helpers/gate-metrics.js';
import { canValidateXml, expectValidJson, expectValidXml, published } from '../helpers/schemas.js';

/** Names that somebody might give a folder. */
const hostile = [
  'Ada\n::error title=pwned::x',
  'Bo\r\n::set-output name=x::y',
  '%0A::error::x',
  '##[error]Cy',
  ']]></failure></testcase><x>',
  '"Dan\' & <script>alert(1)</script>',
  'a|b\\|c',
  '![x](http://evil.example) <img src=x> `code` **b** _i_ [l](u)',
  '@team #1 $x$ ~~s~~ &amp; www.evil.example',
  '\u001b[31mred\u0007',
  'half \ud800 and \uffff',
  'r\u202egnp.exe\u2028next',
  '-- \u0000 ?> -->',
  '李 😀 Ñandú',
  '',
];
const metrics = metricsOf({
  readable: 20,
  unreadable: hostile.map((name) => ({ path: `${name}/1.jpg`, reason: `it is ${name}` })),
  decided: {
    known: { images: [], identities: hostile.map((identity) => counts(identity, { found: 2, dropped: 1, left: 1 })) },
  },
  verification: { known: { accuracy: 0.9, of: 'retrained\n::error::x' } },
  indexRecall: { known: 1 },
});
const mixed = judgedBy(metrics, [
  { id: 'unreadable-rate', max: 0.1 },
  { id: 'images-per-identity', min: 3, severity: 'warn' },
  { id: 'dropped-per-identity', max: 0.2, severity: 'error' },
  { id: 'verification-accuracy', min: 0.95 },
  { id: 'index-recall', min: 0.9 },
  { id: 'drift', max: 0.1 },
]);
const strict = judgedBy(
  metrics,
  [
    { id: 'drift', max: 0.1 },
    { id: 'identities', max: 1, severity: 'warn' },
  ],
  ['warn', 'not-run'],
);
const passing = judgedBy(metrics, [{ id: 'index-recall', min: 0.9 }]);
const results = { mixed, strict, passing };
const write = (format: string, result: GateResult): string =>
  gateFormats.find(({ name }) => name === format)!.write(result);
const golden = (file: string): string => join(import.meta.dirname, '../golden', file);

describe.each(gateFormats)('a gate as $name', ({ name, write }) => {
  it.each(Object.entries(results))('tells every rule and how it ended: %s', (_, result) => {
    const text = write(result);
    expect(text.endsWith('\n')).toBe(true);
    for (const { id, outcome } of result.rules) {
      if (name === 'sarif' && outcome === 'pass') continue; // told by its absence
      expect(text).toContain(id);
    }
  });

  it('lets no name out of its place', () => {
    const text = write(mixed);
    for (const line of name === 'json' ? [] : text.split('\n'))
      expect(line).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u202e\uffff]/u);
    expect(text).not.toMatch(/^\s*::(set-output|error::x)/m);
    expect(text).not.toMatch(/\p{Cs}/u);
  });
});

describe('text', () => {
  it('has a line a rule, and names the first offenders and how many more there are', () => {
    const text = write('text', mixed);
    expect(text.split('\n').filter((line) => /^(PASS|FAIL|WARN|NOT-RUN)/.test(line))).toHaveLength(mixed.rules.length);
    expect(text).toContain(`  ${visibleText(hostile[0])}/1.jpg: it is Ada\\n`);
    expect(text).toContain(`and ${hostile.length - 10} more`);
    expect(text).toContain('gate FAILED: 1 passed, 3 failed, 1 warned, 1 not run');
    expect(write('text', judgedBy(metricsOf({}), [{ id: 'drift', max: 1 }]))).toContain('nothing was measured');
  });
});

describe('json', () => {
  it('is the result itself', () => {
    expect(JSON.parse(write('json', mixed))).toEqual(mixed);
  });
});

describe('junit', () => {
  it.each(Object.entries(results))('is well-formed and says what failed and what was skipped: %s', (_, result) => {
    const xml = write('junit', result);
    expect(XMLValidator.validate(xml)).toBe(true);
    const parser = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '',
      isArray: (tag) => tag === 'testcase',
    });
    const { testsuite } = parser.parse(xml) as {
      testsuite: Record<string, string> & { testcase: Record<string, { message: string; '#text': string }>[] };
    };
    const failing = result.rules.filter(({ failsGate }) => failsGate);
    expect(testsuite.testcase.filter((test) => 'failure' in test)).toHaveLength(failing.length);
    expect([testsuite.tests, testsuite.failures]).toEqual([String(result.rules.length), String(failing.length)]);
    expect(testsuite.testcase.filter((test) => 'skipped' in test)).toHaveLength(Number(testsuite.skipped));
    for (const [i, rule] of result.rules.entries())
      for (const { name } of rule.failsGate ? rule.offenders.slice(0, 10) : [])
        expect(testsuite.testcase[i].failure['#text']).toContain(visibleText(name));
  });

  it.skipIf(!canValidateXml).each(Object.entries(results))('keeps our schema: %s', (_, result) => {
    expectValidXml(write('junit', result), golden('junit.xsd'));
  });

  it.skipIf(!canValidateXml || !published).each(Object.entries(results))("keeps Jenkins' schema: %s", (_, result) => {
    expectValidXml(write('junit', result), join(published!, 'junit-10.xsd'));
  });
});

interface SarifRun {
  tool: { driver: { rules: { id: string }[] } };
  invocations: { toolExecutionNotifications: object[] }[];
  results: { ruleId: string; ruleIndex: number; level: string; locations: object[]; partialFingerprints: object }[];
}
const sarifOf = (result: GateResult): SarifRun => JSON.parse(write('sarif', result)).runs[0] as SarifRun;

describe('sarif', () => {
  it.each(Object.entries(results))('keeps the schema: %s', (_, result) => {
    expectValidJson(write('sarif', result), golden('sarif-subset.json'));
    if (published) expectValidJson(write('sarif', result), join(published, 'sarif-2.1.0-rtm.5.json'));
  });

  it('has a result for each rule that is broken, where it is, at its level', () => {
    const run = sarifOf(mixed);
    expect(run.results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ['unreadable-rate', 'error'],
      ['images-per-identity', 'warning'],
      ['dropped-per-identity', 'error'],
      ['verification-accuracy', 'error'],
    ]);
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
    expect(run.results[0].locations).toHaveLength(hostile.length);
    expect(run.results[1].locations[0]).toMatchObject({ logicalLocations: [{ name: visibleText(hostile[0]) }] });
    expect(run.results[3].locations).toMatchObject([
      { physicalLocation: { artifactLocation: { uri: 'rules.yaml' }, region: { startLine: 5 } } },
    ]);
    expect(run.invocations[0].toolExecutionNotifications).toMatchObject([{ associatedRule: { id: 'drift' } }]);
    expect(sarifOf(strict).results.map(({ level }) => level)).toEqual(['error', 'error']);
  });

  it('calls the same finding the same when figures, bounds and offenders change', () => {
    const named = (max: number, files: number) =>
      sarifOf(
        judgedBy(
          metricsOf({ unreadable: Array.from({ length: files }, (_, i) => ({ path: `${i}.jpg`, reason: '' })) }),
          [
            { id: 'unreadable-rate', max: max / 2, severity: 'warn' },
            { id: 'unreadable-rate', max },
            { id: 'unreadable-rate', max: max / 3 },
          ],
        ),
      ).results.map(({ partialFingerprints }) => Object.values(partialFingerprints)[0] as string);
    expect(named(0.1, 3)).toEqual(named(0.2, 5));
    expect(new Set(named(0.1, 3)).size).toBe(3);
  });
});

describe('markdown', () => {
  it('is a table of one row a rule, and nothing in it is markup but ours', () => {
    const lines = write('markdown', mixed).split('\n');
    const rows = lines.filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(2 + mixed.rules.length);
    for (const row of rows) expect(row.split('|')).toHaveLength(1 + 5 + 1);
    const named = lines.filter((line) => line.startsWith('- '));
    expect(named.length).toBeGreaterThan(3 * 10);
    const cells = rows.slice(2).flatMap((row) => row.split('|').slice(1, -1));
    for (const text of [...named.map((line) => line.slice(2)), ...cells])
      expect(text.replace(/^ \*\*[a-z]+\*\* $|^ `[a-z-]+` $/, '')).not.toMatch(
        /[<>`*_[\]|\\@~$!]|#(?!\d+;)|&(?!#\d+;)|:\/\/|www\./,
      );
  });
});

describe('github', () => {
  it('is one workflow command a line: an annotation for each rule that did not pass, and the sum', () => {
    for (const result of Object.values(results)) {
      const lines = write('github', result).trimEnd().split('\n');
      expect(lines).toHaveLength(result.rules.filter(({ outcome }) => outcome !== 'pass').length + 1);
      for (const line of lines) {
        const [, level, properties, message] = /^::(error|warning|notice) (.*?)::(.*)$/.exec(line)!;
        expect(level).toMatch(/./);
        const given = properties.split(',').map((entry) => entry.split('='));
        for (const entry of given) expect(entry).toHaveLength(2);
        expect(given.map(([key]) => key)).toEqual(given.length > 1 ? ['file', 'line', 'title'] : ['title']);
        expect(message.replace(/%(25|0D|0A)/g, '')).not.toContain('%');
      }
    }
    const [first] = write('github', mixed).split('\n');
    expect(first).toMatch(/^::error file=rules\.yaml,line=2,title=facesieve gate%3A unreadable-rate fail::/);
    expect(first).toContain('Ada\\n::error title=pwned::x/1.jpg');
    expect(first).toContain(`%0Aand ${hostile.length - 5} more`);
  });
});
