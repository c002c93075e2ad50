import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'csv-parse/sync';
import { facesieve, facesieveJson, tinyFlags } from '../helpers/cli.js';
import { longLivedFolder, portrait, temporaryFolder, tinyCrawl, writeFiles } from '../helpers/tiny-crawl.js';

const folder = longLivedFolder();
const crawl = join(folder, 'crawl');
const w = ['-w', join(folder, 'workspace')];
const other = ['-w', join(folder, 'other')];
const prepare = (source: string, workspace: string[], ...more: string[]): void => {
  const run = facesieve('run', source, ...workspace, '--seed', '1', ...tinyFlags, ...more);
  if (run.code !== 0) throw new Error(run.stderr);
};
const table = (file: string): Record<string, string>[] => parse(readFileSync(file), { columns: true });

beforeAll(async () => {
  await tinyCrawl(crawl, 3, 6);
  const more = join(folder, 'more');
  writeFiles(more, {
    ...Object.fromEntries(
      await Promise.all([1, 2, 3, 4].map(async (take) => [`C/${take}0.jpg`, await portrait('C', take + 40)] as const)),
    ),
    ...Object.fromEntries(
      await Promise.all([1, 2, 3, 4].map(async (take) => [`AA/${take}.jpg`, await portrait('Q', take)] as const)),
    ),
  });
  prepare(crawl, w);
  prepare(more, other);
});

describe('a set that is there already', () => {
  it('is written again only where it differs', () => {
    const out = join(temporaryFolder(), 'set');
    const write = (): number => facesieve('purify', ...w, '--out', out, '--mode', 'copy', '--incremental').code!;
    expect(write()).toBe(0);
    const kept = readdirSync(join(out, 'B')).sort();
    const before = statSync(join(out, 'B', kept[0])).ino;
    const verdicts = join(folder, 'verdicts.csv');
    writeFileSync(verdicts, `path,verdict\nB/${kept[1]},drop\n`);
    expect(facesieve('decisions', 'import', verdicts, ...w, '--reviewer', 'ada').code).toBe(0);
    expect(write()).toBe(0);
    expect(readdirSync(join(out, 'B')).sort()).toEqual(kept.filter((name) => name !== kept[1]));
    expect(statSync(join(out, 'B', kept[0])).ino).toBe(before);
  });

  it.each([
    ['folder', 'copy'],
    ['folder', 'link'],
    ['folder', 'hardlink'],
    ['recordio', 'copy'],
    ['webdataset', 'copy'],
    ['csv', 'link'],
    ['parquet', 'copy'],
  ])('%s, %s: is extended, and its labels stay', (format, mode) => {
    const out = join(temporaryFolder(), 'set');
    const first = facesieveJson('purify', ...w, '--out', out, '--format', format, '--mode', mode);
    const labels = table(join(out, 'label-map.csv'));
    const added = facesieveJson('purify', ...other, '--out', out, '--format', format, '--mode', mode, '--extend');
    expect(added.code).toBe(0);
    const after = table(join(out, 'label-map.csv'));
    for (const { identity, new_label } of labels)
      expect(after.find((row) => row.identity === identity)!.new_label).toBe(new_label);
    expect(after.find(({ identity }) => identity === 'AA')!.new_label).toBe(String(labels.length));
    const ledger = table(join(out, 'ledger.csv')).filter(({ new_path }) => new_path);
    expect(ledger).toHaveLength(first.json.kept + added.json.kept);
    const again = facesieveJson('ingest', out, '-w', join(temporaryFolder(), 'w'), '--align', 'none', '--size', '16');
    expect(again.json).toMatchObject({ images: ledger.length, identities: 4, unreadable: 0, skipped: 0 });
  });

  it('of somebody else is replaced only when told to', () => {
    const out = temporaryFolder();
    writeFiles(out, { 'notes.txt': 'mine' });
    expect(facesieve('purify', ...w, '--out', out).code).toBe(2);
    expect(existsSync(join(out, 'notes.txt'))).toBe(true);
    expect(facesieve('purify', ...w, '--out', out, '--overwrite').code).toBe(0);
    expect(existsSync(join(out, 'notes.txt'))).toBe(false);
  });

  it('carries a datasheet whose hashes are those of its files', () => {
    const out = join(temporaryFolder(), 'set');
    const { json } = facesieveJson('purify', ...w, '--out', out, '--format', 'recordio', '--crops');
    const sheet = JSON.parse(readFileSync(join(out, 'datasheet.json'), 'utf8'));
    expect(sheet).toMatchObject({
      format: 'recordio',
      crops: true,
      counts: { kept: json.kept },
      rule: { name: 'calibrated' },
    });
    expect(Object.keys(sheet.sha256).sort()).toEqual([
      'label-map.csv',
      'ledger.csv',
      'property',
      'train.idx',
      'train.rec',
    ]);
    expect(readFileSync(join(out, 'property'), 'utf8')).toBe(`${json.identities},16,16`);
  });
});

describe('the same set in another format', () => {
  it('is decided alike', () => {
    const decided = (source: string): string[] => {
      const workspace = ['-w', join(temporaryFolder(), 'w')];
      prepare(source, workspace);
      const out = join(temporaryFolder(), 'd.csv');
      facesieve('decisions', 'export', ...workspace, '--format', 'csv', '--out', out);
      return table(out).map((row) => [row.identity, row.decision, row.p_noise, row.cos_dominant, row.rival_cos].join());
    };
    const sets = ['folder', 'recordio', 'webdataset'].map((format) => {
      const out = join(temporaryFolder(), format);
      facesieve('purify', ...w, '--out', out, '--format', format, '--mode', 'copy');
      return decided(out);
    });
    expect(sets[1]).toEqual(sets[0]);
    expect(sets[2].sort()).toEqual(sets[0].sort());
  });
});

describe('several sources', () => {
  it('keep namesakes apart when they are named, and a reference set fails the gate', () => {
    const workspace = ['-w', join(temporaryFolder(), 'w')];
    const flags = ['--also', `web=${join(folder, 'more')}`, '--reference', crawl];
    const run = facesieveJson('run', crawl, ...workspace, ...flags, '--seed', '1', ...tinyFlags);
    expect(run.code).toBe(0);
    expect(run.json.identities).toBe(5);
    expect(run.json.overlap.images).toHaveLength(18);
    const rules = join(folder, 'rules.json');
    writeFileSync(rules, '{"rules":[{"id":"reference-overlap","max":0}]}');
    const gate = facesieveJson('gate', '--rules', rules, ...workspace);
    expect(gate.code).toBe(1);
    const excluded = facesieveJson('sift', ...workspace, '--overlap', 'exclude');
    expect(excluded.json.decisions.drop).toBeGreaterThanOrEqual(18);
    expect(facesieveJson('gate', '--rules', rules, ...workspace).json.rules[0].actual).toBe(0);
  });
});
