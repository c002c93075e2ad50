import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/fingerprint.js';
import { silentProgress } from '../../src/core/progress.js';
import { resolveConfig } from '../../src/core/resolve-config.js';
import { MARK } from '../../src/purified-set/existing-set.js';
import { foldersOf } from '../../src/purified-set/out-paths.js';
import { purify, type PurifyOptions } from '../../src/pipeline/purify.js';
import { verifySet } from '../../src/purified-set/verify/verify-set.js';
import { writers } from '../../src/formats/dataset/writers.js';
import { openWorkspace } from '../../src/workspace/workspace.js';
import { facesieve, facesieveJson, tinyFlags } from '../helpers/cli.js';
import { tinySettings } from '../helpers/context.js';
import { longLivedFolder, portrait, temporaryFolder, tinyCrawl, writeFiles } from '../helpers/tiny-crawl.js';

const folder = longLivedFolder();
const [crawl, workspace] = [join(folder, 'crawl'), join(folder, 'workspace')];
type Mode = 'copy' | 'link' | 'hardlink';
const never = new AbortController().signal;

beforeAll(async () => {
  await tinyCrawl(crawl, 3, 6, { 'A/1.jpg': 'B' });
  writeFiles(crawl, {
    'A/again.jpg': readFileSync(join(crawl, 'A/2.jpg')),
    'B/broken.jpg': '',
    'O\'Hara, "Jr"/1.jpg': await portrait('odd', 1),
    'O\'Hara, "Jr"/2.jpg': await portrait('odd', 2),
  });
  const run = facesieve('run', crawl, '-w', workspace, '--seed', '1', ...tinyFlags);
  if (run.code !== 0) throw new Error(run.stderr);
});

/** Writes the set of a workspace to `out`. */
async function write(from: string, out: string, options: PurifyOptions, mode: Mode = 'copy'): Promise<void> {
  const opened = openWorkspace(from);
  const config = resolveConfig({ ...tinySettings, mode });
  try {
    await purify({ workspace: opened, config, progress: silentProgress, signal: never, force: true }, out, options);
  } finally {
    opened.close();
  }
}

async function written(options: PurifyOptions = {}, mode: Mode = 'copy'): Promise<string> {
  const out = join(temporaryFolder(), 'set');
  await write(workspace, out, options, mode);
  return out;
}
const found = async (set: string): Promise<string[]> =>
  (await verifySet(set, never)).findings.map(({ kind, path }) => `${kind} ${path}`);
const ledgerOf = (set: string): Record<string, string>[] =>
  parse(readFileSync(join(set, 'ledger.csv')), { columns: true });
const edit = (set: string, file: string, change: (text: string) => string): void =>
  writeFileSync(join(set, file), change(readFileSync(join(set, file), 'utf8')));

describe.each(
  writers.flatMap(({ name, filePerImage }) => [
    { name, filePerImage, crops: false },
    { name, filePerImage, crops: true },
  ]),
)('a set as $name, crops: $crops', ({ name, filePerImage, crops }) => {
  it('is as it was written; a flipped byte of an image is found, and one that is gone', async () => {
    const set = await written({ format: name, crops });
    expect(await verifySet(set, never)).toMatchObject({ intact: true, unchecked: 0, findings: [] });
    const files = readdirSync(set, { recursive: true, encoding: 'utf8' });
    const archive = files.find((file) => /\.(rec|tar|parquet)$/.test(file));
    const [first] = ledgerOf(set).filter(({ new_path }) => new_path);
    const target = filePerImage ? first.new_path : archive!;
    const bytes = readFileSync(join(set, target));
    const image = filePerImage
      ? 0
      : bytes.indexOf(crops ? Buffer.from([0x89, 0x50, 0x4e, 0x47]) : Buffer.from([0xff, 0xd8, 0xff]));
    bytes[image + 60] ^= 1;
    writeFileSync(join(set, target), bytes);
    const after = await verifySet(set, never);
    expect(after.findings.every(({ kind }) => kind === 'changed')).toBe(true);
    expect(after.findings.map(({ path }) => path)).toContain(target);
    expect(after.counts.changed).toBe(filePerImage ? 1 : 2); // the archive, and the image in it
    rmSync(join(set, target));
    const gone = await found(set);
    expect(gone).toContain(`missing ${target}`);
    expect(gone.every((line) => line.startsWith('missing'))).toBe(true);
  });
});

describe('verify', () => {
  it.each(['link', 'hardlink'] as const)('follows sets of %ss to what they hold', async (mode) => {
    const set = await written({}, mode);
    expect(await found(set)).toEqual([]);
  });

  it('tells where a link leads when nothing is there', async () => {
    const set = await written();
    rmSync(join(set, 'B/2.jpg'));
    symlinkSync('/nowhere/2.jpg', join(set, 'B/2.jpg'));
    const { findings } = await verifySet(set, never);
    expect(findings).toMatchObject([
      { kind: 'missing', path: 'B/2.jpg', detail: expect.stringContaining('"/nowhere/2.jpg"') },
    ]);
  });

  it('records the hash of what was written, whatever was ingested', async () => {
    const set = await written({ crops: true });
    for (const { new_path, new_sha256, sha256: original } of ledgerOf(set)) {
      if (new_path === '') expect(new_sha256).toBe('');
      else expect(new_sha256).toBe(sha256(readFileSync(join(set, new_path))));
      expect(new_sha256).not.toBe(original);
    }
    for (const row of ledgerOf(await written())) expect(row.new_sha256).toBe(row.new_path && row.sha256);
  });

  it('finds what is too many, renamed or put elsewhere', async () => {
    const set = await written();
    writeFiles(set, { 'B/extra.jpg': 'x', 'notes.txt': 'mine' });
    mkdirSync(join(set, 'empty'));
    renameSync(join(set, 'C/1.jpg'), join(set, 'B/c1.jpg'));
    expect(await found(set)).toEqual(['missing C/1.jpg', 'extra B/c1.jpg', 'extra B/extra.jpg', 'extra notes.txt']);
  });

  it('finds a ledger, a label map and counts that do not fit, and looks at nothing outside', async () => {
    const set = await written();
    edit(set, 'label-map.csv', (text) => text.replace(/^(C,[^,]*,[^,]*,)6/m, '$15').replace(/^B,.*\n/m, ''));
    edit(set, 'datasheet.json', (text) => text.replace(/"relabelled": \d+/, '"relabelled": 99'));
    const { findings } = await verifySet(set, never);
    const told = findings.map(({ kind, detail }) => `${kind}: ${detail}`);
    expect(told).toContain('labels: it does not have "B"');
    expect(told).toContain('labels: "C" has 5 images; 6 by the ledger');
    expect(told).toContain('labels: labels are not 0, 1, 2, …');
    expect(told.join('\n')).toMatch(/counts: relabelled: 99; \d by the ledger/);
    expect(findings.filter(({ kind }) => kind === 'changed').map(({ path }) => path)).toEqual(['label-map.csv']);

    const outside = await written();
    edit(outside, 'ledger.csv', (text) => text.replace(',B/2.jpg,', ',../../secret.jpg,'));
    expect(await found(outside)).toEqual(
      expect.arrayContaining(['changed ledger.csv', 'ledger ../../secret.jpg', 'extra B/2.jpg']),
    );
  });

  it('goes on without a part that is missing or damaged', async () => {
    const set = await written();
    rmSync(join(set, 'label-map.csv'));
    rmSync(join(set, MARK));
    expect(await found(set)).toEqual([`missing ${MARK}`, 'missing label-map.csv']);
    const other = await written();
    writeFileSync(join(other, 'ledger.csv'), 'path,other\nA,b\n');
    writeFileSync(join(other, 'datasheet.json'), '{');
    expect((await found(other)).sort()).toEqual(['changed datasheet.json', 'changed ledger.csv']);
  });

  it('has room for people who are called as its own files are', () => {
    const names = ['ledger.csv', 'Label-Map.csv', 'Ada'];
    expect([...foldersOf(names).values()]).toEqual(['ledger~2.csv', 'Label-Map~2.csv', 'Ada']);
  });

  it('stops when it is interrupted', async () => {
    for (const format of ['folder', 'recordio'])
      await expect(verifySet(await written({ format }), AbortSignal.abort())).rejects.toThrow('interrupted');
  });

  it('reads sets of earlier versions: originals by their hashes, crops by being there', async () => {
    const older = async (crops: boolean): Promise<string> => {
      const set = await written({ crops });
      edit(set, 'ledger.csv', (text) =>
        text
          .split('\n')
          .map((line) => line.replace(/,[^,"]*$/, ''))
          .join('\n'),
      );
      const sheet = JSON.parse(readFileSync(join(set, 'datasheet.json'), 'utf8'));
      sheet.sha256['ledger.csv'] = sha256(readFileSync(join(set, 'ledger.csv')));
      writeFileSync(join(set, 'datasheet.json'), JSON.stringify(sheet));
      return set;
    };
    expect(await verifySet(await older(false), never)).toMatchObject({ intact: true, unchecked: 0 });
    const crops = await verifySet(await older(true), never);
    expect(crops).toMatchObject({ intact: true, unchecked: crops.images });
  });

  it('holds an extended set to all of its ledger, and finds damage from before it was extended', async () => {
    const more = await tinyCrawl(join(temporaryFolder(), 'more'), 2, 4);
    const other = join(temporaryFolder(), 'w');
    facesieve('run', more, '-w', other, '--seed', '2', ...tinyFlags);
    for (const crops of [false, true]) {
      const set = await written({ crops });
      const [victim] = ledgerOf(set).filter(({ new_path }) => new_path.startsWith('C/'));
      const damaged = join(temporaryFolder(), 'set');
      cpSync(set, damaged, { recursive: true });
      await write(other, set, { crops, onto: 'extend' });
      expect(await found(set)).toEqual([]);
      const bytes = readFileSync(join(damaged, victim.new_path));
      bytes[60] ^= 1;
      writeFileSync(join(damaged, victim.new_path), bytes);
      await write(other, damaged, { crops, onto: 'extend' });
      expect(await found(damaged)).toEqual([`changed ${victim.new_path}`]);
    }
  });
});

describe('the command', () => {
  it('ends with 0, 1 or 2, and lists what it found', async () => {
    const set = await written({}, 'link');
    const good = facesieve('verify', set);
    expect([good.code, good.stdout]).toEqual([0, expect.stringContaining('as they were written')]);
    for (let i = 0; i < 25; i++) writeFileSync(join(set, `extra\u001b ${i}.txt`), '');
    const bad = facesieve('verify', set);
    expect(bad.code).toBe(1);
    expect(bad.stdout).toContain('extra\\x1b 0.txt');
    expect(bad.stdout).toContain('and 5 more');
    expect(facesieveJson('verify', set)).toMatchObject({ code: 1, json: { intact: false, counts: { extra: 25 } } });
    expect(facesieveJson('verify', crawl)).toMatchObject({ code: 2, json: { error: { name: 'PathError' } } });
    expect(existsSync('.facesieve')).toBe(false);
  });
});
