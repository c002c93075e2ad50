import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { facesieve, tinyFlags } from '../helpers/cli.js';
import { longLivedFolder, portrait, temporaryFolder, tinyCrawl, writeFiles } from '../helpers/tiny-crawl.js';

const folder = longLivedFolder();
const crawl = join(folder, 'crawl');
const clean = join(folder, 'clean');
const w = ['-w', join(folder, 'workspace')];
const other = ['-w', join(folder, 'other')];

const run = (source: string, workspace: string[], ...more: string[]) =>
  facesieve('run', source, ...workspace, '--seed', '1', ...tinyFlags, ...more);

const bytesBelow = (root: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file, readFileSync(file, 'base64')]),
  );

beforeAll(async () => {
  await tinyCrawl(crawl, 3, 6);
  const files = await Promise.all(
    ['C', 'D'].flatMap((name) =>
      [1, 2, 3, 4].map(async (i) => [`${name}/${i}.jpg`, await portrait(name, i + 40)] as const),
    ),
  );
  writeFiles(join(folder, 'new'), Object.fromEntries(files));
  const first = run(crawl, w, '--out', clean, '--mode', 'copy');
  if (first.code !== 0) throw new Error(first.stderr);
});

describe('a purified set', () => {
  it('is not written over a set that is a further source, by whatever name, and nothing is read first', () => {
    const link = join(folder, 'link');
    if (!existsSync(link)) symlinkSync(clean, link);
    const before = bytesBelow(clean);
    for (const out of [clean, link, `${folder}/new/../clean/`])
      for (const more of [[], ['--overwrite']]) {
        const { code, stderr } = run(join(folder, 'new'), other, '--also', clean, '--out', out, ...more);
        expect([code, stderr]).toEqual([2, expect.stringMatching(/it is, or lies in, a further source, ".*clean"/)]);
        expect(stderr).not.toMatch(/ingest: reading/);
      }
    expect(bytesBelow(clean)).toEqual(before);
  });

  it('of other sources is replaced only with --overwrite', () => {
    const before = bytesBelow(clean);
    const refused = run(join(folder, 'new'), other, '--out', clean);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/is a set made of ".*crawl"/)]);
    expect(bytesBelow(clean)).toEqual(before);
  });

  it('that heeds verdicts which the workspace never had is replaced only with --overwrite', () => {
    const out = join(temporaryFolder(), 'set');
    const verdicts = join(folder, 'verdicts.csv');
    writeFileSync(verdicts, 'path,verdict\nA/1.jpg,drop\n');
    expect(facesieve('decisions', 'import', verdicts, ...w, '--reviewer', 'ada').code).toBe(0);
    expect(facesieve('purify', ...w, '--out', out).code).toBe(0);
    const again = ['-w', join(folder, 'again')];
    expect(run(crawl, again, '--out', join(folder, 'elsewhere')).code).toBe(0);
    const refused = facesieve('purify', ...again, '--out', out);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/applies 1 verdict that this workspace does not have, such as that of ada on "A\/1\.jpg"/),
    ]);
    // Who takes a verdict back knows of it.
    expect(facesieve('decisions', 'undo', ...w, '--reviewer', 'ada').code).toBe(0);
    expect(facesieve('purify', ...w, '--out', out).code).toBe(0);
    expect(facesieve('purify', ...again, '--out', out).code).toBe(0);
  });

  it('that was added to another crawl is not replaced by one of the two', () => {
    const out = join(temporaryFolder(), 'set');
    expect(facesieve('purify', ...w, '--out', out, '--mode', 'copy').code).toBe(0);
    const fresh = ['-w', join(folder, 'fresh')];
    expect(run(join(folder, 'new'), fresh, '--out', join(folder, 'fresh-set')).code).toBe(0);
    expect(facesieve('purify', ...fresh, '--out', out, '--mode', 'copy', '--extend').code).toBe(0);
    const refused = facesieve('purify', ...fresh, '--out', out);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/is a set made of ".*crawl"/)]);
  });

  it('never takes the place of a part of the workspace', () => {
    for (const part of ['crops', 'checkpoints', '.', 'reports']) {
      const { code, stderr } = facesieve('purify', ...w, '--out', join(folder, 'workspace', part), '--overwrite');
      expect([code, stderr]).toEqual([2, expect.stringMatching(/part of the workspace/)]);
    }
  });

  it('of people whose names have outer blanks is found as it was written', async () => {
    const source = temporaryFolder();
    const names = [' A', 'B ', 'C . '];
    for (const name of names)
      for (let take = 0; take < 5; take++) writeFiles(source, { [`${name}/${take}.jpg`]: await portrait(name, take) });
    const workspace = ['-w', join(temporaryFolder(), 'w')];
    expect(run(source, workspace, '--out', join(temporaryFolder(), 'set')).code).toBe(0);
    for (const format of ['folder', 'webdataset', 'recordio', 'parquet']) {
      const out = join(temporaryFolder(), 'set');
      expect(facesieve('purify', ...workspace, '--out', out, '--format', format).code).toBe(0);
      const { code, stdout } = facesieve('verify', out);
      expect([format, stdout, code]).toEqual([format, expect.stringMatching(/as they were written/), 0]);
    }
  });
});
