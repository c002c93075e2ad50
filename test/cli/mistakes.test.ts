import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnWorkspace } from '../helpers/drawn-workspace.js';
import { runInProcess } from '../helpers/in-process.js';
import { longLivedFolder, tinyCrawl, writeFiles } from '../helpers/tiny-crawl.js';

const folder = longLivedFolder();
const at = (name: string): string => join(folder, name);
const w = ['-w', at('sifted')];
const fresh = ['-w', at('fresh')];
const crawl = at('crawl');
const table = 'path,identity,decision,verdict,run\n';
const blocker = createServer();
let port = '';

beforeAll(async () => {
  await tinyCrawl(crawl, 3, 4);
  drawnWorkspace(at('sifted'));
  mkdirSync(at('empty'));
  writeFiles(folder, {
    'a-file': 'text',
    'others/note.txt': 'mine',
    'edited.csv': `${table}A/0.jpg,A,drop,,sift-drawn\n`,
    'dorp.csv': `${table}A/0.jpg,A,keep,dorp,sift-drawn\n`,
    'no-verdict.csv': 'path,identity\nA/0.jpg,A\n',
    'epocs.json': '{"epocs": 3}',
    'zero.json': '{"epochs": 0}',
    'list.json': '[1]',
    'rules.json': '{"rules":[{"id":"noise-rat","max":0.1}]}',
  });
  await new Promise<void>((done) => blocker.listen(0, '127.0.0.1', done));
  port = String((blocker.address() as AddressInfo).port);
});
afterAll(() => blocker.close());

type Mistake = [name: string, code: 2 | 64, command: string, args: () => string[], ...words: string[]];

const mistakes: Mistake[] = [
  ['a flag misspelt', 64, 'run', () => [crawl, ...fresh, '--outt', 'x'], '--outt', 'Did you mean "--out"?'],
  [
    'a model the wrong way round',
    64,
    'run',
    () => [crawl, ...fresh, '--backbone', 'm:pretrained'],
    'backbone',
    'Did you mean "pretrained:m"?',
  ],
  ['a flag in snake case', 64, 'report', () => [...w, '--gallery_images', '3'], 'Did you mean "--gallery-images"?'],
  ['a flag in capitals', 64, 'run', () => [crawl, ...fresh, '--Align', 'auto'], 'Did you mean "--align"?'],
  ["another command's flag", 64, 'purify', () => [...w, '--out', 'x', '--align', 'auto'], 'a flag of facesieve ingest'],
  ['no sub-centre', 64, 'run', () => [crawl, ...fresh, '-k', '0'], '--subcenters must be at least 1; got 0'],
  ['no epoch', 64, 'train', () => [...w, '--epochs', '0'], '--epochs must be at least 1; got 0'],
  ['epochs in letters', 64, 'train', () => [...w, '--epochs', 'abc'], '--epochs', 'abc'],
  ['an angle that is none', 64, 'sift', () => [...w, '--angle', '300'], '--angle must be at most 180; got 300'],
  ['a size between two', 64, 'run', () => [crawl, ...fresh, '--size', '50'], '--size must be a multiple of 16; got 50'],
  ['a share above 1', 64, 'sift', () => [...w, '--target-recall', '3'], '--target-recall must be at most 1; got 3'],
  ['a choice misspelt', 64, 'run', () => [crawl, ...fresh, '--align', 'centre'], '--align', 'Did you mean "center"?'],
  ['a loss misspelt', 64, 'train', () => [...w, '--loss', 'cosfaec'], 'Did you mean "cosface"?'],
  ['a network misspelt', 64, 'train', () => [...w, '--backbone', 'plain7'], '--backbone', 'Did you mean "plain-7"?'],
  ['a decision misspelt', 64, 'decisions export', () => [...w, '--only', 'reveiw'], 'Did you mean "review"?'],
  ['a name without quotes', 64, 'explain', () => ['Ada', 'Lovelace/1.jpg', ...w], 'needs quotes'],
  ['no source', 64, 'run', () => [...fresh], 'source'],
  ['no --out', 64, 'purify', () => [...w], 'out'],
  ['a port that is none', 64, 'review', () => [...w, '--port', '99999'], '--port', '65535'],
  [
    'a port in use',
    2,
    'review',
    () => [...w, '--no-open', '--port', port],
    'another program is using it',
    'Leave --port out',
  ],
  ['a source that is not there', 2, 'run', () => [at('nowhere'), ...fresh], 'There is nothing at', 'nowhere'],
  ['a file for a source', 2, 'run', () => [at('a-file'), ...fresh], 'cannot be read as any known format'],
  [
    'a model misspelt',
    2,
    'run',
    () => [crawl, ...fresh, '--backbone', 'pretrained:mobilefacnet'],
    'Did you mean "mobilefacenet"?',
  ],
  ['a model file that is not there', 2, 'run', () => [crawl, ...fresh, '--backbone', 'none.onnx'], 'does not exist'],
  [
    'a device that is not there',
    2,
    'run',
    () => [crawl, ...fresh, '--device', 'cpo'],
    'has no device "cpo"',
    'Did you mean "cpu"?',
  ],
  [
    'an --out with files of others',
    2,
    'run',
    () => [crawl, ...fresh, '--out', at('others')],
    'was not written by facesieve',
  ],
  [
    'an --out below a file',
    2,
    'run',
    () => [crawl, ...fresh, '--out', at('a-file/clean')],
    'a-file" is a file',
    'another --out',
  ],
  [
    'a report below a file',
    2,
    'report',
    () => [...w, '--out', at('a-file/r.html')],
    'a-file" is a file',
    'another --out',
  ],
  [
    'a rule misspelt',
    2,
    'run',
    () => [crawl, ...fresh, '--rules', at('rules.json')],
    'noise-rat',
    'Did you mean "noise-rate"?',
  ],
  [
    'a setting misspelt in a file',
    2,
    'run',
    () => [crawl, ...fresh, '--config', at('epocs.json')],
    'Did you mean "epochs"?',
  ],
  [
    'a setting out of range in a file',
    2,
    'run',
    () => [crawl, ...fresh, '--config', at('zero.json')],
    '"train.epochs" must be at least 1; got 0',
  ],
  ['a config file that is a list', 2, 'run', () => [crawl, ...fresh, '--config', at('list.json')], 'one JSON object'],
  ['a workspace that is none', 2, 'sift', () => ['-w', at('empty')], 'There is no workspace', '--workspace'],
  ['a workspace in a folder of others', 2, 'ingest', () => [crawl, '-w', at('others')], 'not a facesieve workspace'],
  ['a workspace that is a file', 2, 'run', () => [crawl, '-w', at('a-file')], 'a-file'],
  [
    'a file name that several images have',
    2,
    'explain',
    () => ['0.jpg', ...w],
    'images are called "0.jpg"',
    'facesieve explain "A/0.jpg"',
  ],
  ['an image misspelt', 2, 'explain', () => ['A/0.jpeg', ...w], 'Did you mean "A/0.jpg"?'],
  [
    'the decision edited, not the verdict',
    2,
    'decisions import',
    () => [at('edited.csv'), ...w],
    '"decision" says "drop"',
    'the column "verdict"',
  ],
  ['a verdict misspelt', 2, 'decisions import', () => [at('dorp.csv'), ...w], 'row 1', 'Did you mean "drop"?'],
  [
    'a table without verdicts',
    2,
    'decisions import',
    () => [at('no-verdict.csv'), ...w],
    '"path" and "verdict" are needed',
  ],
  ['a table that is not there', 2, 'decisions import', () => [at('none.csv'), ...w], 'none.csv'],
];

describe('a mistake is told with its exit code, in words, and changes nothing', () => {
  it.each(mistakes)('%s', async (_, code, command, args, ...words) => {
    const ended = await runInProcess(command, args());
    const told = ended.stdout + ended.stderr;
    for (const word of words) expect(told).toContain(word);
    expect(told).not.toMatch(/Unexpected error|^ {4}at |ZodError|invalid_|Invalid input|Too small/m);
    expect(ended.code).toBe(code);
    expect(existsSync(at('fresh/crops'))).toBe(false); // no image was read
  });

  it('the same with --json, whatever the mistake', async () => {
    for (const [, code, command, args] of mistakes) {
      const ended = await runInProcess(command, [...args(), '--json']);
      const { error } = JSON.parse(ended.stdout) as { error: { name: string; message: string } };
      expect([ended.code, error.name !== '', error.message !== '']).toEqual([code, true, true]);
    }
  });
});

describe('what is no mistake', () => {
  it('a verdict in capitals is that verdict', async () => {
    writeFileSync(at('capitals.csv'), `${table}A/1.jpg,A,keep,Drop,sift-drawn\n`);
    const ended = await runInProcess('decisions import', [at('capitals.csv'), ...w, '--json']);
    expect(JSON.parse(ended.stdout)).toMatchObject({ rows: 1, changed: 1 });
    const undone = await runInProcess('decisions undo', [...w, '--json']);
    expect(JSON.parse(undone.stdout)).toMatchObject({ rows: 1 });
  });

  it('a table of an earlier sift run, whose decisions are others by now', async () => {
    writeFileSync(at('old.csv'), `${table}A/2.jpg,A,drop,,sift-before\nA/1.jpg,A,keep,keep,sift-before\n`);
    expect((await runInProcess('decisions import', [at('old.csv'), ...w])).code).toBe(0);
  });
});

describe.skipIf(process.getuid?.() === 0)('as a user with few rights', () => {
  it('a source that may not be read is told as the source, not as the workspace', async () => {
    mkdirSync(at('closed'));
    chmodSync(at('closed'), 0);
    const ended = await runInProcess('run', [at('closed'), ...fresh]);
    chmodSync(at('closed'), 0o700);
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringMatching(/may not read the source, ".*closed"/)]);
  });
});
