import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cleaned, facesieve, facesieveProcess } from '../helpers/cli.js';
import { longLivedFolder, tinyCrawl } from '../helpers/tiny-crawl.js';

const folder = longLivedFolder();
const w = ['-w', join(folder, 'workspace')];
const rules = join(folder, 'rules.json');

beforeAll(async () => {
  const crawl = await tinyCrawl(join(folder, 'crawl'), 3, 6);
  cleaned(crawl, join(folder, 'workspace'), join(folder, 'clean'));
  facesieve('sift', ...w);
  writeFileSync(rules, JSON.stringify({ rules: [{ id: 'identities', min: 100 }] }));
});

describe('a process for many commands answers as one for each', () => {
  it.each([
    ['a result', ['status', ...w], 0],
    ['a result as JSON', ['explain', 'A/1.jpg', '--json', ...w], 0],
    ['a document in a pipe', ['decisions', 'export', ...w], 0],
    ['work that is done already', ['sift', ...w], 0],
    ['a failed gate', ['gate', '--rules', rules, ...w], 1],
    ['an error', ['explain', 'X/1.jpg', ...w], 2],
    ['an error as JSON', ['status', '--json', '-w', join(folder, 'nowhere')], 2],
    ['a mistyped command', ['injest'], 64],
    ['a flag that is none', ['sift', '--what', ...w], 64],
    ['help', ['help', 'sift'], 0],
    ['help of a command that is none', ['help', 'injest'], 2],
    ['a version', ['--version'], 0],
  ])('%s', (_, words, code) => {
    const served = facesieve(...words);
    expect(served).toEqual(facesieveProcess(...words));
    expect(served.code).toBe(code);
  });
});
