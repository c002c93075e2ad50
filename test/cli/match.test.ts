import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { personBar, sharedPeople } from '../../src/metrics/shared-people.js';
import { facesieve, facesieveJson } from '../helpers/cli.js';
import { namedWorkspace } from '../helpers/named-workspace.js';
import { longLivedFolder, portrait, writeFiles } from '../helpers/tiny-crawl.js';

const folder = longLivedFolder();
let w: string[];

/** Two of the crawl's people under other names, and one who is nowhere else. */
const otherSet = { n001: 'B', n002: 'D', n003: 'nobody' };

async function write(root: string): Promise<string> {
  const files: Record<string, Uint8Array> = {};
  for (const [name, whose] of Object.entries(otherSet))
    for (let take = 0; take < 6; take++) files[`${name}/${take}.jpg`] = await portrait(whose, 200 + take);
  writeFiles(root, files);
  return root;
}

beforeAll(async () => {
  const other = await write(join(folder, 'other'));
  w = ['-w', await namedWorkspace(folder, {}, ['--also', `glint=${other}`, '--reference', other])];
  expect(facesieve('sift', ...w).code).toBe(0);
  expect(facesieveJson('identities', 'merge', 'A', 'J', ...w).json.changed).toBe(1); // one person under two names raises the bar
});

describe('identities match', () => {
  it('names the people that another source shares, and writes a label map of all its names', () => {
    const out = join(folder, 'map.csv');
    const { json, code } = facesieveJson('identities', 'match', 'glint', '--out', out, ...w);
    expect(code).toBe(0);
    expect(new Map(json.pairs.map(({ a, b }: { a: string; b: string }) => [b, a]))).toEqual(
      new Map([
        ['n001@glint', 'B'],
        ['n002@glint', 'D'],
      ]),
    );
    for (const { confidence } of json.pairs) expect(confidence).toBeGreaterThan(0.5);
    const rows = readFileSync(out, 'utf8').trim().split('\n');
    expect(rows[0]).toBe('name,becomes,confidence');
    expect(rows.find((row) => row.startsWith('n003'))).toBe('n003@glint,n003@glint,');
    expect(facesieveJson('identities', 'match', 'glint', '--confidence', '1', ...w).json.pairs).toEqual([]);
  });

  it('says which other sets there are', () => {
    const { code, json } = facesieveJson('identities', 'match', 'glimt', ...w);
    expect(code).toBe(2);
    expect(json.error.suggestions).toEqual(['Did you mean "glint"?', 'There is: glint, reference.']);
  });

  it('compares with the reference set by the same function', () => {
    const { json } = facesieveJson('identities', 'match', 'reference', ...w);
    expect(json.names).toBe(3);
    const pairs = json.pairs.map(({ a, b }: { a: string; b: string }) => `${a} ${b}`);
    for (const pair of pairs) expect(pair).toMatch(/^(B|n001@glint) n001$|^(D|n002@glint) n002$|^n003@glint n003$/);
    expect(pairs.length).toBe(3);
  });
});

describe('people that two sets share', () => {
  it('are those above the bar, the most alike first; a set without two images of a person has no bar', () => {
    const bar = personBar([0.8, 0.85, 0.9, 0.95], [0.1, 0.2, 0.3, 0.4])!;
    expect(bar.bar).toBeGreaterThan(0.4);
    expect(bar.confidence(0.95)).toBeGreaterThan(bar.confidence(0.6));
    const matrix = (...rows: number[][]) => ({
      data: Float32Array.from(rows.flat()),
      rows: rows.length,
      dimensions: 2,
    });
    const found = sharedPeople(matrix([1, 0], [0, 1]), matrix([0.995, 0.0999], [0.9, 0.4359], [-1, 0]), bar);
    expect(found.map(({ person, identity }) => [person, identity])).toEqual([
      [0, 0],
      [0, 1],
    ]);
    expect(personBar([], [0.5])).toBeNull();
  });
});
