import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openWorkspace } from '../../src/workspace/workspace.js';
import { facesieve, facesieveJson } from '../helpers/cli.js';
import { guests, namedWorkspace } from '../helpers/named-workspace.js';
import { longLivedFolder } from '../helpers/tiny-crawl.js';

const folder = longLivedFolder();
const w = ['-w', join(folder, 'workspace')];
const gate = (...rules: object[]) => {
  const file = join(folder, 'rules.json');
  writeFileSync(file, JSON.stringify({ rules }));
  return facesieveJson('gate', '--rules', file, ...w);
};

beforeAll(async () => {
  await namedWorkspace(folder);
});

describe('identities list', () => {
  it('ends with 2 before the first sift, and without a workspace', () => {
    const early = facesieveJson('identities', 'list', ...w);
    expect([early.code, early.json.error.name]).toEqual([2, 'MissingStageError']);
    expect(early.json.error.suggestions.join()).toContain('facesieve sift');
    expect(facesieve('identities', 'list', '-w', join(folder, 'nowhere')).code).toBe(2);
    expect(gate({ id: 'merge-proposals', max: 0 }).code).toBe(2);
  });

  it('names the second person under a name and the second name of a person, and sends none of their images away', () => {
    const { code, json } = facesieveJson('sift', ...w);
    expect(code).toBe(0);
    const listed = facesieveJson('identities', 'list', ...w);
    expect(listed.code).toBe(0);
    const { merges, splits } = listed.json;
    expect(json.proposals).toEqual({ merges: merges.length, splits: splits.length });
    expect(splits.map(({ identity }: { identity: string }) => identity)).toEqual(['C']);
    expect(merges.map(({ a, b }: { a: string; b: string }) => [a, b])).toEqual([['A', 'J']]);
    const [first, second] = splits[0].groups;
    expect([...first.images, ...second.images].length).toBe(first.count + second.count);
    expect([first.images, second.images]).toContainEqual(Object.keys(guests).sort());
    const reasons = facesieve('decisions', 'export', '--format', 'jsonl', ...w)
      .stdout.trim()
      .split('\n');
    const decisions = reasons.map((line) => JSON.parse(line) as { path: string; decision: string; reason: string });
    for (const { decision } of decisions.filter(({ path }) => second.images.includes(path)))
      expect(decision).not.toBe('drop');
    for (const { decision } of decisions.filter(({ path }) => /^[AJ]/.test(path)))
      expect(['keep', 'hard', 'review']).toContain(decision);
  });

  it('is a table for people', () => {
    const { stdout, code } = facesieve('identities', 'list', ...w);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^A +J +[01]\.\d+/m);
    expect(stdout).toMatch(/several people +number +confidence +images/);
    expect(stdout).toMatch(/^C +1 /m);
  });

  it('is what the gate counts', () => {
    const { merges, splits } = facesieveJson('identities', 'list', ...w).json;
    const rules = ['merge-proposals', 'split-proposals'];
    const held = gate(...rules.map((id) => ({ id, max: 0 })));
    expect(held.json.rules.map(({ actual }: { actual: number }) => actual)).toEqual([merges.length, splits.length]);
    expect(held.code).toBe(1);
    expect(gate({ id: 'split-proposals', max: splits.length }).code).toBe(0);
  });

  it('asks for a new sift where the last one is of a version that proposed nothing', () => {
    const { database, close } = openWorkspace(w[1]);
    database.exec("UPDATE stages SET result = json_remove(result, '$.proposals') WHERE stage = 'sift'");
    close();
    expect(facesieveJson('identities', 'list', ...w)).toMatchObject({
      code: 2,
      json: { error: { suggestions: [expect.stringMatching(/^facesieve sift --force -w /)] } },
    });
    expect(gate({ id: 'merge-proposals', max: 0 })).toMatchObject({
      code: 2,
      json: { error: { message: expect.stringContaining('of an earlier version') } },
    });
    expect(facesieve('sift', '--force', ...w).code).toBe(0);
    expect(facesieve('identities', 'list', ...w).code).toBe(0);
  });
});
