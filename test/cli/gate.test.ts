import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { gateRules } from '../../src/gate/rules.js';
import { facesieve, facesieveJson, tinyFlags } from '../helpers/cli.js';
import { portraitOf } from '../helpers/drawn-portrait.js';
import { longLivedFolder, portrait, temporaryFolder, writeFiles } from '../helpers/tiny-crawl.js';

const folder = longLivedFolder();
const at = (name: string): string => join(folder, name);
const workspace = (name: string): string[] => ['-w', at(name)];
const people = ['Ada', 'Bo', 'Cy', 'Di', 'Ed | "E"\n::error::x'];

/** A crawl in a workspace, everything done, by a network that learnt enough to judge it; the same seed everywhere. */
function clean(crawl: string, into: string): void {
  const flags = [
    ...tinyFlags.map((flag, i) => (tinyFlags[i - 1] === '--epochs' ? '12' : flag)),
    '--seed',
    '1',
    '--quiet',
  ];
  const { code, stderr } = facesieve('run', at(crawl), ...workspace(into), ...flags);
  if (code !== 0) throw new Error(stderr);
}

const rules = (list: object[]): string => {
  const file = join(temporaryFolder(), 'rules.json');
  writeFileSync(file, JSON.stringify({ rules: list }));
  return file;
};
const gate = (into: string, list: object[], ...flags: string[]) =>
  facesieveJson('gate', '--rules', rules(list), ...workspace(into), ...flags);

beforeAll(async () => {
  for (const person of people)
    for (let take = 0; take < 8; take++)
      writeFiles(at('crawl'), { [`${person}/${take}.png`]: await portraitOf(person, take, 48) });
  for (let take = 0; take < 8; take++)
    writeFiles(at('strangers'), { [`${take}.png`]: await portraitOf(`stranger ${take}`, take, 48) });
  const noise = ['--open', '0.2', '--closed', '0.2', '--outsiders', at('strangers'), '--seed', '3'];
  facesieve('inject', at('crawl'), at('spoiled'), ...noise);
  cpSync(at('crawl'), at('again'), { recursive: true });
  clean('crawl', 'good');
  clean('again', 'same');
  clean('spoiled', 'bad');
  facesieve('gate', '--write-baseline', at('baseline.json'), ...workspace('good'));
});

const wanted = [
  { id: 'noise-rate', max: 0.1 },
  { id: 'drift', max: 0.3 },
];
const baseline = ['--baseline', at('baseline.json')];

describe('the gate, by the real program', () => {
  it('passes a clean set, and the same set again', () => {
    for (const into of ['good', 'same']) {
      const { code, json } = gate(into, wanted, ...baseline);
      expect([code, json.passed]).toEqual([0, true]);
      expect(json.rules.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['pass', 'pass']);
      expect(json.rules[1].actual).toBe(0); // the same images, the same seed
    }
  });

  it('fails the set that inject spoiled, by noise and by drift, and names images', () => {
    const { code, json } = gate('bad', wanted, ...baseline);
    expect([code, json.passed]).toEqual([1, false]);
    expect(json.rules.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['fail', 'fail']);
    expect(json.rules[0].offenders[0]).toMatchObject({ kind: 'image', name: expect.stringContaining('.png') });
    expect(json.rules[0].offenderCount).toBe(json.rules[0].offenders.length);
  });

  it('warns without failing, unless told to fail on warnings', () => {
    const warning = [{ id: 'identities', min: 100, severity: 'warn' }];
    expect(gate('good', warning)).toMatchObject({ code: 0, json: { passed: true, rules: [{ outcome: 'warn' }] } });
    expect(gate('good', warning, '--fail-on', 'warn,not-run')).toMatchObject({ code: 1, json: { passed: false } });
  });

  it('says what was not run and what to run, and fails on it when told to, with commas or twice', () => {
    const missing = [
      { id: 'drift', max: 0.1 },
      { id: 'reference-overlap', max: 0 },
    ];
    const { code, json } = gate('good', missing);
    expect([code, json.passed]).toEqual([0, true]);
    for (const { outcome, detail } of json.rules)
      expect([outcome, detail]).toEqual(['not-run', expect.stringContaining('`facesieve ')]);
    expect(gate('good', missing, '--fail-on', 'warn', '--fail-on', 'not-run').code).toBe(1);
  });

  it('measures every rule that can be measured', () => {
    const all = gateRules.map(({ id, bounds, unit }) => ({
      id,
      [bounds[0]]: bounds[0] === 'min' ? 0 : unit === 'share' ? 1 : 99,
    }));
    const { code, json } = gate('good', all, ...baseline);
    expect(code).toBe(0);
    for (const { id, outcome, actual } of json.rules)
      if (id !== 'reference-overlap') expect([id, outcome, actual]).toEqual([id, 'pass', expect.any(Number)]);
  });

  it('cannot be done without a workspace, with rules or a baseline that are none, or with nothing to do', () => {
    const file = rules(wanted);
    const ended = (...args: string[]) => facesieve('gate', ...args);
    for (const [code, tells, args] of [
      [2, 'There is no workspace', ['--rules', file, ...workspace('none')]],
      [2, 'Did you mean "noise-rate"?', ['--rules', rules([{ id: 'noise-rat', max: 1 }]), ...workspace('good')]],
      [2, 'cannot be written', ['--rules', file, '--out', folder, ...workspace('good')]],
      [64, '--write-baseline', workspace('good')],
      [64, 'not-run', ['--rules', file, '--fail-on', 'everything', ...workspace('good')]],
    ] as const) {
      const { code: actual, stderr } = ended(...args);
      expect([actual, stderr]).toEqual([code, expect.stringContaining(tells)]);
    }
  });

  it('judges what there is before anything was sifted, and takes no decisions for those of a set that has changed', async () => {
    const crawl = temporaryFolder();
    const w = ['-w', join(temporaryFolder(), 'w')];
    writeFiles(crawl, { 'A/1.jpg': await portrait('A', 1), 'B/1.jpg': await portrait('B', 1), 'B/2.jpg': '' });
    facesieve('ingest', crawl, ...w, '--size', '16', '--align', 'none');
    const file = rules([
      { id: 'unreadable-rate', max: 0.1 },
      { id: 'noise-rate', max: 0.1 },
    ]);
    const { code, json } = facesieveJson('gate', '--rules', file, ...w);
    expect(code).toBe(1);
    expect(json.rules).toMatchObject([
      { outcome: 'fail', actual: 1 / (2 + 1), offenders: [{ name: 'B/2.jpg' }] },
      { outcome: 'not-run', detail: expect.stringContaining('nothing was sifted') },
    ]);
    const moved = at('moved');
    cpSync(at('good'), moved, { recursive: true });
    facesieve('ingest', crawl, '-w', moved, '--size', '16', '--align', 'none', '--force-source');
    expect(facesieveJson('gate', '--rules', file, '-w', moved).json.rules[1].detail).toContain(
      'not the one of the last sift',
    );
  });
});

describe('baselines', () => {
  it('are kept when the gate passes, alone or with rules, and not when it fails', () => {
    const written = join(temporaryFolder(), 'new', 'baseline.json');
    const failed = facesieve(
      'gate',
      '--rules',
      rules([{ id: 'identities', min: 99 }]),
      '--write-baseline',
      written,
      ...workspace('good'),
    );
    expect([failed.code, existsSync(written)]).toEqual([1, false]);
    expect(failed.stderr).toContain('no baseline was written');
    expect(gate('good', [{ id: 'identities', min: 2 }], '--write-baseline', written)).toMatchObject({
      code: 0,
      json: { baselineWritten: written },
    });
    expect(readFileSync(written)).toEqual(readFileSync(at('baseline.json')));
  });
});

describe('--out', () => {
  it('writes the format to a file and shows text', () => {
    const out = join(temporaryFolder(), 'reports', 'gate.xml');
    const ended = facesieve(
      'gate',
      '--rules',
      rules([{ id: 'images-per-identity', min: 50 }]),
      '--format',
      'junit',
      '--out',
      out,
      ...workspace('good'),
    );
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain('gate FAILED');
    expect(ended.stdout).toContain('Ed | "E"\\n::error::x: ');
    expect(ended.stdout).not.toMatch(/^\s*::/m);
    expect(readFileSync(out, 'utf8')).toContain('<failure');
  });
});
