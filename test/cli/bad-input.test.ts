import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { facesieve, facesieveJson, interrupted, tinyFlags } from '../helpers/cli.js';
import { longLivedFolder, portrait, tinyCrawl, writeFiles } from '../helpers/tiny-crawl.js';

const folder = longLivedFolder();
const crawl = join(folder, 'crawl');
const at = (name: string): string[] => ['-w', join(folder, name)];

beforeAll(() => tinyCrawl(crawl, 3, 6));

describe('usage errors end with 64', () => {
  it.each([
    ['a mistyped command', ['injest', 'x'], 'Did you mean "ingest"?'],
    ['a mistyped command with arguments', ['verfy', 'clean'], 'Did you mean "verify"?'],
    ['a mistyped flag', ['train', '--epoks', '3'], 'epoks'],
    ['a missing argument', ['ingest'], 'source'],
    ['a value that is no choice', ['ingest', 'x', '--align', 'centre'], 'center'],
    ['a misspelt kind of backbone', ['train', '--backbone', 'insightfac:buffalo_l'], 'insightface:PACK'],
    ['a value that is no number', ['sift', '--angle', 'wide'], 'wide'],
  ])('%s', (_, args, tells) => {
    const plain = facesieve(...args, ...at('usage'));
    expect(plain.code).toBe(64);
    expect(plain.stderr).toContain(tells);
    const json = facesieveJson(...args, ...at('usage'));
    expect(json.code).toBe(64);
    expect(JSON.stringify(json.json.error)).toContain(tells.replaceAll('"', '\\"'));
  });
});

describe('what cannot be done ends with 2, and says why and what next', () => {
  const empty = join(folder, 'empty');
  const flat = join(folder, 'flat');
  const rubbish = join(folder, 'rubbish');

  beforeAll(async () => {
    mkdirSync(empty);
    writeFiles(flat, { 'a.jpg': await portrait('A', 1) });
    writeFiles(rubbish, { 'A/1.jpg': 'text', 'B/2.jpg': '' });
  });

  it.each([
    ['a source that is not there', ['run', join(folder, 'nowhere')], 'There is nothing at'],
    ['an empty source', ['run', empty], 'holds no images'],
    ['a source without folders', ['run', flat], 'no folder per person'],
    ['a source without a readable image', ['run', rubbish], 'is a readable image'],
    ['train before ingest', ['train'], 'There is no workspace'],
    ['verdicts before ingest', ['decisions', 'undo'], 'There is no workspace'],
    ['a preset that is not there', ['run', crawl, '--preset', 'dmeo'], 'Did you mean "demo"?'],
    ['a config file that is not there', ['run', crawl, '--config', 'none.json'], 'There is no config file'],
    ['a device that is not there', ['run', crawl, ...tinyFlags, '--device', 'tpu'], 'no device "tpu"'],
    ['an engine that is not installed', ['run', crawl, ...tinyFlags, '--engine', 'tensorflow'], 'npm install'],
    ['a pack that is not there', ['run', crawl, '--backbone', 'insightface:bufalo_l'], 'Did you mean "buffalo_l"?'],
    ['a folder that is no pack', ['run', crawl, '--backbone', `insightface:${empty}`], 'is not a pack of insightface'],
    ['rules that are not there', ['run', crawl, '--rules', 'none.json'], 'There is no rules file'],
  ])('%s', (name, args, tells) => {
    const { code, json, stdout } = facesieveJson(...args, ...at(name));
    expect(code).toBe(2);
    expect(stdout).toContain(tells.replaceAll('"', '\\"'));
    expect(json.error).toMatchObject({ name: expect.any(String), message: expect.any(String) });
    const plain = facesieve(...args, ...at(name));
    expect(plain.code).toBe(2);
    expect(plain.stderr).toContain(tells);
    expect(plain.stderr).not.toContain('    at ');
  });

  it('a config key that is none names the nearest', () => {
    const file = join(folder, 'config.json');
    writeFileSync(file, '{"epocs": 3}');
    const { json } = facesieveJson('run', crawl, '--config', file, ...at('config'));
    expect(json.error).toMatchObject({ message: '"epocs" is not a setting.', suggestions: ['Did you mean "epochs"?'] });
  });

  it('a stage before the one it builds on, and leaves nothing behind', () => {
    expect(existsSync(join(folder, 'train before ingest'))).toBe(false);
    const w = at('only-ingested');
    facesieve('ingest', crawl, ...w, '--size', '16');
    expect(facesieveJson('sift', ...w).json.error.suggestions).toEqual([`facesieve train -w ${w[1]}`]);
    expect(facesieveJson('purify', '--out', join(folder, 'x'), ...w).json.error.suggestions).toEqual([
      `facesieve sift -w ${w[1]}`,
    ]);
  });

  it('explain without a workspace', () => {
    expect(facesieveJson('explain', 'A/1.jpg', ...at('none')).json.error.message).toContain('There is no workspace');
  });

  it('a single identity', async () => {
    const one = await tinyCrawl(join(folder, 'one'), 1, 4);
    expect(facesieveJson('run', one, ...at('one-ws'), ...tinyFlags).json.error.message).toContain(
      'at least two identities',
    );
  });

  it("somebody else's folder as workspace", () => {
    const { code, stderr } = facesieve('ingest', crawl, '-w', crawl);
    expect(code).toBe(2);
    expect(stderr).toContain('not a facesieve workspace');
  });

  it('a workspace of a newer version, which is left as it is', () => {
    const w = at('newer');
    facesieve('ingest', crawl, ...w, '--size', '16');
    const database = new Sqlite(join(w[1], 'facesieve.db'));
    database.pragma('user_version = 99');
    database.close();
    expect(facesieveJson('ingest', crawl, ...w).json.error.message).toContain('newer facesieve');
  });

  it('two processes on one workspace', async () => {
    const w = at('shared');
    facesieve('ingest', crawl, ...w, '--size', '16', '--align', 'none');
    const holder = new Sqlite(join(w[1], 'lock.db'));
    holder.exec('BEGIN EXCLUSIVE');
    const second = facesieveJson('train', ...w, ...tinyFlags.slice(4));
    holder.close();
    expect(second.code).toBe(2);
    expect(second.json.error.name).toBe('WorkspaceBusyError');
  });

  it('a picture of 30,000 x 30,000 pixels is refused without being unpacked', async () => {
    const bomb = join(folder, 'bomb');
    await tinyCrawl(bomb, 2, 3);
    writeFiles(bomb, { 'A/bomb.png': hugePng() });
    const { json } = facesieveJson('ingest', bomb, ...at('bomb-ws'), '--size', '16');
    expect(json).toMatchObject({ images: 6, unreadable: 1 });
  });
});

/** The first bytes of a PNG that claims 30,000 x 30,000 pixels. */
function hugePng(): Buffer {
  const header = Buffer.alloc(25);
  header.writeUInt32BE(13, 0);
  header.write('IHDR', 4);
  header.writeUInt32BE(30_000, 8);
  header.writeUInt32BE(30_000, 12);
  header.set([8, 2, 0, 0, 0], 16);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), header]);
}

describe('Ctrl-C', () => {
  it('ends training with 130 and loses nothing: the next call goes on', async () => {
    const w = at('interrupted');
    facesieve('ingest', crawl, ...w, '--size', '16', '--align', 'none');
    const long = ['train', '--backbone', 'plain-4', '--batch-size', '8', '--epochs', '5000'];
    const stopped = await interrupted(/epoch/, 'SIGINT', ...long, ...w);
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('go on where it stopped');
    const [checkpoint] = readdirSync(join(w[1], 'checkpoints'));
    const header = readFileSync(join(w[1], 'checkpoints', checkpoint)).toString('latin1');
    expect(/\\"step\\":\d+/.exec(header)).not.toBeNull();
  });
});
