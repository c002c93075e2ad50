import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cleaned, facesieve, tinyFlags } from '../helpers/cli.js';
import { longLivedFolder, temporaryFolder, tinyCrawl } from '../helpers/tiny-crawl.js';

const bin = resolve(import.meta.dirname, '../../bin/run.js');
const folder = longLivedFolder();
const w = ['-w', join(folder, 'workspace')];

beforeAll(async () => {
  await tinyCrawl(join(folder, 'crawl'), 3, 6);
  cleaned(join(folder, 'crawl'), join(folder, 'workspace'), join(folder, 'clean'));
});

/** Runs the program from a shell that sets limits first. */
function limited(limits: string, ...args: string[]): { code: number | null; stderr: string } {
  const quoted = [process.execPath, bin, ...args].map((word) => `'${word}'`).join(' ');
  const { status, stderr } = spawnSync('bash', ['-c', `${limits}; exec ${quoted}`], { encoding: 'utf8' });
  return { code: status, stderr };
}

describe.skipIf(process.platform !== 'linux')('the program on a machine that has too little', () => {
  it.each([
    ['report', '--format', 'md'],
    ['decisions', 'export'],
    ['gate', '--rules'],
  ])('%s into a full device ends with 2 and a sentence', (...command) => {
    const rules = join(folder, 'rules.json');
    writeFileSync(rules, '{"rules":[{"id":"noise-rate","max":1}]}');
    const args = command[0] === 'report' ? [...command, '--out', '-'] : command;
    const { status, stderr } = spawnSync(
      process.execPath,
      [bin, ...args, ...(command[0] === 'gate' ? [rules] : []), ...w],
      {
        stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
        encoding: 'utf8',
      },
    );
    expect([status, stderr]).toEqual([2, expect.stringMatching(/The disk is full/)]);
    expect(stderr).not.toMatch(/Unexpected|^ {4}at /m);
  });

  it.each(['webdataset', 'recordio', 'parquet', 'folder'])(
    'purify as %s beyond the limit of a file ends with 2, and the old set stays',
    (format) => {
      const out = join(temporaryFolder(), 'set');
      const write = ['purify', ...w, '--out', out, '--format', format, '--mode', 'copy'];
      expect(facesieve(...write).code).toBe(0);
      const { code, stderr } = limited("trap '' XFSZ; ulimit -f 2", ...write, '--force'); // blocks of 1024 bytes
      expect([code, stderr]).toEqual([2, expect.stringMatching(/^Error: /m)]);
      expect(stderr).not.toMatch(/Unexpected|^ {4}at /m);
      expect(facesieve('verify', out).code).toBe(0);
    },
  );

  it.each([20, 24, 30])('%i file handles: exit code 2 and a sentence, never 1', (handles) => {
    const { code, stderr } = limited(`ulimit -n ${handles}`, 'sift', '--force', ...w);
    expect([0, 2]).toContain(code);
    expect(stderr).not.toMatch(/Unexpected/);
  });

  it('a file of the workspace that is a folder, or is gone, is named', () => {
    const run = ['embed', '--force', ...w];
    const file = join(folder, 'workspace', 'crops', 'crops.u8');
    spawnSync('mv', [file, `${file}.away`]);
    expect(facesieve(...run)).toMatchObject({ code: 2, stderr: expect.stringMatching(/crops\.u8", is not there/) });
    mkdirSync(file);
    expect(facesieve(...run)).toMatchObject({ code: 2, stderr: expect.not.stringMatching(/Unexpected/) });
    rmSync(file, { recursive: true });
    spawnSync('mv', [`${file}.away`, file]);
    expect(facesieve(...run).code).toBe(0);
  });

  it('a path longer than the file system takes is named', () => {
    const { code, stderr } = facesieve('purify', ...w, '--out', join(folder, 'x'.repeat(300)));
    expect([code, stderr]).toEqual([2, expect.stringMatching(/longer than the file system allows/)]);
  });

  it.skipIf(process.getuid?.() !== 0)('a folder that may not be written to is named', () => {
    const place = temporaryFolder();
    chmodSync(place, 0o555);
    const args = [bin, 'ingest', join(folder, 'crawl'), '-w', join(place, 'w'), ...tinyFlags.slice(0, 4)];
    const { status, stderr } = spawnSync(process.execPath, args, { uid: 65534, encoding: 'utf8' });
    expect([status, stderr]).toEqual([2, expect.stringMatching(/may not be read or written/)]);
    expect(existsSync(join(place, 'w'))).toBe(false);
  });
});
