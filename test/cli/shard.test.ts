import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { facesieve, facesieveJson, interrupted, tinyFlags } from '../helpers/cli.js';
import { longLivedFolder, tinyCrawl } from '../helpers/tiny-crawl.js';

const folder = longLivedFolder();
const at = (name: string): string => join(folder, name);
const exchange = ['--exchange', at('exchange')];

const run = (...argv: string[]): number | null => facesieve('shard', 'run', ...argv, ...exchange).code;

beforeAll(async () => {
  await tinyCrawl(at('crawl'), 4, 8);
});

describe('facesieve shard', () => {
  it('plans, runs task by task, and leaves a workspace that report and purify take', () => {
    expect(run('ingest', '0/2')).toBe(75); // there is no plan
    const { json, code } = facesieveJson('shard', 'plan', at('crawl'), ...exchange, '--shards', '2', ...tinyFlags);
    expect(code).toBe(0);
    expect(json).toMatchObject({ shards: 2, images: 32, wasPlanned: false, written: [] });
    expect(json.steps).toMatchObject([
      { name: 'ingest', kind: 'map', tasks: 2, reads: ['list'], writes: 'ingest' },
      { name: 'merge', kind: 'reduce', tasks: 1, reads: ['ingest'], writes: 'workspace' },
    ]);
    expect(run('merge', '0/1', '-w', at('ws'))).toBe(75); // its parts are not there
    expect(run('ingest', '1/2')).toBe(0);
    const status = facesieveJson('shard', 'status', ...exchange).json;
    expect(status.steps[0]).toMatchObject({ done: 1, missing: [0] });
    expect(status.next).toBe(`facesieve shard run ingest 0/2 --exchange ${at('exchange')}`);
    expect(run('ingest', '0/2')).toBe(0);
    expect(facesieveJson('shard', 'run', 'ingest', '0/2', ...exchange).json).toMatchObject({ wasDone: true });
    expect(run('merge', '0/1', '-w', at('ws'))).toBe(0);
    expect(facesieve('report', '-w', at('ws')).code).toBe(0);
    expect(facesieve('purify', '-w', at('ws'), '--out', at('clean')).code).toBe(0);
    expect(facesieveJson('shard', 'status', ...exchange).json.next).toBeUndefined();
  });

  it('finds the plan of the same request, and refuses another in its folder unless told to delete it', () => {
    const plan = (...more: string[]) =>
      facesieveJson('shard', 'plan', at('crawl'), ...exchange, '--shards', '2', ...tinyFlags, ...more);
    expect(plan().json.wasPlanned).toBe(true);
    const other = plan('--seed', '5');
    expect([other.code, other.json.error.message]).toEqual([64, expect.stringContaining('holds another plan')]);
    expect(plan('--seed', '5', '--force').code).toBe(0);
    expect(facesieveJson('shard', 'status', ...exchange).json.steps[0].done).toBe(0);
    expect(plan('--force').code).toBe(0);
  });

  it.each([
    ['a step that there is none of', ['imgest', '0/2'], 'Did you mean "ingest"'],
    ['a task that there is none of', ['ingest', '2/2'], 'they are 0/2 to 1/2'],
    ['another number of shards', ['ingest', '0/3'], 'they are 0/2 to 1/2'],
    ['a setting', ['ingest', '0/2', '--seed', '3'], '--seed is no setting of a task'],
    ['a workspace in the exchange folder', ['merge', '0/1', '-w', at('exchange/ws')], 'lies in the exchange folder'],
    [
      'scratch in the exchange folder',
      ['ingest', '0/2', '--scratch', at('exchange/s'), '--force'],
      'lies in the exchange',
    ],
  ])('ends with 64 for %s', (_, argv, message) => {
    const { code, stderr } = facesieve('shard', 'run', ...argv, ...exchange);
    expect(code, stderr).toBe(64);
    expect(stderr).toContain(message);
  });

  it('refuses an exchange folder in the source, and one with files of others', () => {
    const plan = (folder: string) => facesieve('shard', 'plan', at('crawl'), '--exchange', folder, ...tinyFlags);
    expect(plan(at('crawl/exchange'))).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('lies in the source'),
    });
    mkdirSync(at('mine'));
    writeFileSync(at('mine/thesis.txt'), 'words');
    expect(plan(at('mine'))).toMatchObject({ code: 2, stderr: expect.stringContaining('not of a plan') });
  });

  it('ends with 75 when it is terminated, and keeps nothing half written', async () => {
    facesieve('shard', 'plan', at('crawl'), ...exchange, '--shards', '1', ...tinyFlags, '--force');
    facesieve('shard', 'run', 'ingest', '0/1', ...exchange);
    const merge = ['shard', 'run', 'merge', '0/1', ...exchange, '-w', at('ws2')];
    const { code, stderr } = await interrupted(/merge:/, 'SIGTERM', ...merge);
    expect(code, stderr).toBe(75);
    expect(facesieve(...merge).code).toBe(0);
  });
});
