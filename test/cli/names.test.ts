import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import { writerNames } from '../../src/formats/dataset/writers.js';
import { facesieve, facesieveJson } from '../helpers/cli.js';
import { guests, namedWorkspace } from '../helpers/named-workspace.js';
import { longLivedFolder } from '../helpers/tiny-crawl.js';

const folder = longLivedFolder();
let w: string[];
/** Somebody who is nowhere by name: one image under each of five names. */
const stranger = ['B/2.jpg', 'D/3.jpg', 'E/4.jpg', 'F/5.jpg', 'G/6.jpg'];

const names = (...args: string[]) => facesieveJson('identities', ...args, ...w, '--reviewer', 'ada');
const listed = () => facesieveJson('identities', 'list', ...w).json;
const changed = (...args: string[]): number => names(...args).json.changed as number;
const explained = (path: string) => facesieveJson('explain', path, ...w).json;
const rowsOf = (out: string, file: string) =>
  parse(readFileSync(join(out, file)), { columns: true }) as Record<string, string>[];
const gateOf = (id: string) => {
  const file = join(folder, 'rules.json');
  writeFileSync(file, JSON.stringify({ rules: [{ id, max: 0 }] }));
  return facesieveJson('gate', '--rules', file, ...w).json.rules[0];
};
/** Takes back everything that was said of names. */
const undoAll = () => {
  changed('undo', '--all');
  expect(changed('undo')).toBe(0);
};

beforeAll(async () => {
  w = ['-w', await namedWorkspace(folder, Object.fromEntries(stranger.map((path) => [path, 'stranger'])))];
  expect(facesieve('sift', ...w).code).toBe(0);
});

describe('identities merge, split, rename, accept, undo', () => {
  it('answer a typo, an unknown name, a name that is taken and the same name twice with what to do', () => {
    expect(names('merge', 'A', 'Jj')).toMatchObject({
      code: 2,
      json: { error: { name: 'UnknownIdentityError', suggestions: [expect.stringContaining('Did you mean')] } },
    });
    expect(names('merge', 'A', 'Somebody Else').json.error.suggestions[0]).toContain('for example A, B, C');
    expect(names('merge', 'A', 'A').json.error.name).toBe('ConfigError');
    expect(names('merge', 'A', 'J', '--into', 'B').json.error).toMatchObject({ name: 'NameConflictError' });
    expect(names('merge', 'A', 'J', '--into', 'a/b').json.error.name).toBe('ConfigError');
    expect(names('rename', 'A', 'B').json.error.suggestions[0]).toContain('identities merge "B" "A"');
    expect(names('split', 'A').json.error.suggestions.join()).toContain('--groups');
    expect(names('split', 'C', '--groups', join(folder, 'nowhere.csv')).json.error.name).toBe('PathError');
    expect(names('accept').code).toBe(64);
    expect(names('accept', '--confidence', '3').code).toBe(64);
    expect(changed('accept', '--confidence', '1', '--kind', 'merge')).toBe(0);
    expect(changed('undo')).toBe(0);
    expect(facesieveJson('identities', 'merge', 'A', 'B', '-w', join(folder, 'no')).code).toBe(2);
  });

  it('join two names: told by list, gate and explain, and said again they change nothing', () => {
    expect(gateOf('merge-proposals').actual).toBe(1);
    expect(changed('merge', 'A', 'J', '--into', 'Ada')).toBe(1);
    expect(changed('merge', 'A', 'J')).toBe(0);
    expect(gateOf('merge-proposals').actual).toBe(0);
    expect(listed()).toMatchObject({
      merges: [],
      nameVerdicts: [{ verdict: { kind: 'merge', a: 'A', b: 'J', into: 'Ada' }, reviewer: 'ada' }],
    });
    expect(explained('J/0.jpg')).toMatchObject({ identity: 'J', name: 'Ada', nameVerdicts: [{ reviewer: 'ada' }] });
    expect(names('merge', 'J', 'B').json.error).toMatchObject({
      name: 'NameConflictError',
      message: expect.stringContaining('"J" is called "Ada" now. A and J are one person, called Ada (verdict of ada'),
    });
    expect(names('merge', 'A', 'J', '--into', 'X').json.error.suggestions[0]).toContain('rename "Ada" "X"');
    expect(changed('undo')).toBe(1);
    expect(gateOf('merge-proposals').actual).toBe(1);
  });

  it('divide a name as proposed, or as a file says that names every mistake in it', () => {
    const file = join(folder, 'groups.csv');
    const groups = (...rows: string[]) => writeFileSync(file, ['path,group', ...rows].join('\n'));
    groups('C/0.jpg,1', 'X/0.jpg,2');
    expect(names('split', 'C', '--groups', file).json.error.message).toContain('row 2: "X/0.jpg" is not an image of C');
    groups('C/0.jpg,1', 'C/0.jpg,2');
    expect(names('split', 'C', '--groups', file).json.error.message).toContain('is in two groups');
    groups('C/0.jpg,1');
    expect(names('split', 'C', '--groups', file).json.error.message).toContain('two groups of images or more');
    groups('C/0.jpg,B', 'C/1.jpg,C');
    expect(names('split', 'C', '--groups', file).json.error.name).toBe('NameConflictError');
    groups('C/0.jpg,Cy', 'C/1.jpg,C');
    expect(changed('split', 'C', '--groups', file)).toBe(1);
    expect([explained('C/0.jpg').name, explained('C/1.jpg').name, explained('C/2.jpg').name]).toEqual(['Cy', 'C', 'C']);
    undoAll();
    expect(changed('split', 'C')).toBe(1);
    expect(gateOf('split-proposals').actual).toBe(0);
    const parts = new Set(Object.keys(guests).map((path) => explained(path).name as string));
    expect(parts.size).toBe(1);
    expect(['C', 'C~2']).toContain([...parts][0]);
    undoAll();
  });

  it('win in every later sift and in the purified set of each format, and the whole is taken back at once', () => {
    const before = facesieveJson('sift', ...w).json.run as string;
    expect(changed('accept', '--confidence', '0.5')).toBe(2);
    const sifted = facesieveJson('sift', ...w).json;
    expect(sifted.run).not.toBe(before);
    expect(sifted.proposals).toEqual({ merges: 0, splits: 0 });
    for (const path of Object.keys(guests)) expect(['keep', 'hard']).toContain(explained(path).decision);
    for (const format of writerNames) {
      const out = join(folder, `clean-${format}`);
      const purified = facesieveJson('purify', '--out', out, '--format', format, ...w);
      expect([purified.code, purified.json.emptied], purified.stderr).toEqual([0, 0]);
      const map = new Map(rowsOf(out, 'label-map.csv').map((row) => [row.identity, row]));
      expect(map.get('J')).toMatchObject({ new_label: '', becomes: 'A', becomes_label: map.get('A')!.new_label });
      expect(map.get('C~2')).toMatchObject({ old_label: '', becomes: 'C~2', was: 'C' });
      for (const row of map.values()) expect(row.becomes_label).not.toBe('');
      const ledger = new Map(rowsOf(out, 'ledger.csv').map((row) => [row.path, row]));
      expect(ledger.get('J/1.jpg')).toMatchObject({ new_identity: 'A', identity: 'J' });
      expect(ledger.get('J/1.jpg')!.reason).toContain('A and J are one person, called A (verdict of ada)');
      expect(facesieveJson('verify', out, ...w).json.findings).toEqual([]);
    }
    expect(changed('undo')).toBe(2);
    expect(facesieveJson('sift', ...w).json.run).toBe(before);
    expect(explained('J/1.jpg').name).toBe('J');
  });

  it('let a verdict on an image win over one on its name', () => {
    const file = join(folder, 'verdicts.csv');
    writeFileSync(file, 'path,verdict,suggested_identity\nJ/1.jpg,relabel,B\nJ/2.jpg,drop,\n');
    facesieve('decisions', 'import', file, ...w);
    expect(changed('merge', 'A', 'J')).toBe(1);
    expect(explained('J/1.jpg')).toMatchObject({ name: 'A', finalIdentity: 'B' });
    expect(explained('J/2.jpg').finalIdentity).toBeNull();
    expect(changed('rename', 'B', 'Bea')).toBe(1);
    expect(explained('J/1.jpg').finalIdentity).toBe('Bea');
    undoAll();
    facesieve('decisions', 'undo', ...w);
  });

  it('go out and come in with decisions', () => {
    const out = join(folder, 'decisions.csv');
    expect(facesieveJson('decisions', 'export', '--out', out, ...w).json.files).toHaveLength(1);
    changed('merge', 'A', 'J');
    changed('split', 'C');
    const beside = join(folder, 'decisions-names.json');
    expect(facesieveJson('decisions', 'export', '--out', out, ...w).json.files).toEqual([out, beside]);
    undoAll();
    expect(facesieveJson('decisions', 'import', out, ...w).json).toMatchObject({ names: 2 });
    expect(facesieveJson('decisions', 'import', out, ...w).json).toMatchObject({ changed: 0 });
    expect(explained('J/1.jpg').nameVerdicts).toMatchObject([{ reviewer: 'ada' }]);
    changed('undo');
    expect(facesieveJson('decisions', 'import', beside, ...w).json).toMatchObject({ rows: 0, names: 2 });
    changed('undo');
    writeFileSync(beside, '{}');
    expect(facesieveJson('decisions', 'import', out, ...w).json.error.name).toBe('FormatError');
  });

  it('are kept by forget, but for what they say of the forgotten', () => {
    changed('merge', 'A', 'J');
    changed('merge', 'H', 'I', '--into', 'Hi');
    expect(facesieve('forget', 'I', '--yes', ...w).code).toBe(0);
    const { nameVerdicts } = listed();
    expect(JSON.stringify(nameVerdicts)).not.toMatch(/"I"/);
    expect(explained('H/1.jpg').name).toBe('Hi');
    expect(explained('J/1.jpg').name).toBe('A');
    undoAll();
  });
});

describe('identities discover', () => {
  it('finds the stranger under five names, and takes nobody unless it is told to', () => {
    const { json } = names('discover', '--min', '4');
    expect(json.changed).toBe(0);
    expect(json.clusters).toMatchObject([{ name: 'unknown-001', images: stranger }]);
    expect(listed().nameVerdicts).toEqual([]);
    expect(names('discover', '--min', '9').json.clusters).toEqual([]);
    expect(names('discover', '--only', 'unknown-001').code).toBe(64);
    expect(names('discover', '--min', '4', '--accept', '--only', 'unknown-01').json.error.suggestions[0]).toContain(
      'unknown-001',
    );
  });

  it('makes an identity that stays after the next sift, can be renamed, and is not found again', () => {
    expect(changed('discover', '--min', '4', '--accept')).toBe(1);
    expect(explained(stranger[0])).toMatchObject({ decision: 'drop', finalIdentity: 'unknown-001' });
    expect(changed('rename', 'unknown-001', 'Zo')).toBe(1);
    expect(facesieve('sift', ...w).code).toBe(0);
    for (const path of stranger) expect(explained(path)).toMatchObject({ name: 'Zo', finalIdentity: 'Zo' });
    expect(names('discover', '--min', '4').json.clusters).toEqual([]);
    undoAll();
    const refused = facesieveJson('purify', '--out', join(folder, 'refused'), ...w);
    expect(refused).toMatchObject({
      code: 2,
      json: { error: { suggestions: [expect.stringMatching(/^facesieve sift -w /)] } },
    });
    expect(facesieve('sift', ...w).code).toBe(0);
    expect(explained(stranger[0]).finalIdentity).toBeNull();
    expect(facesieve('purify', '--out', join(folder, 'refused'), ...w).code).toBe(0);
  });
});
