import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { readTensors, writeTensors } from '../../src/core/safetensors.js';
import { openDatabase } from '../../src/workspace/database.js';
import { openWorkspace } from '../../src/workspace/workspace.js';
import { cleaned, facesieve, facesieveJson, tinyFlags } from '../helpers/cli.js';
import { longLivedFolder, temporaryFolder, tinyCrawl } from '../helpers/tiny-crawl.js';

const folder = longLivedFolder();
const workspace = join(folder, 'workspace');
const w = ['-w', workspace];

beforeAll(async () => {
  await tinyCrawl(join(folder, 'crawl'), 3, 6);
  cleaned(join(folder, 'crawl'), join(folder, 'workspace'), join(folder, 'clean'));
});

/** Does `harm` to a file of the workspace, and puts the file back when `check` is done. */
function harmed(path: string, harm: (file: string) => void, check: () => void): void {
  const file = join(workspace, path);
  copyFileSync(file, join(folder, 'whole'));
  try {
    harm(file);
    check();
  } finally {
    copyFileSync(join(folder, 'whole'), file);
  }
}

const flip =
  (share: number) =>
  (file: string): void => {
    const handle = openSync(file, 'r+');
    const byte = new Uint8Array(1);
    const at = Math.floor((statSync(file).size - 1) * share);
    readSync(handle, byte, 0, 1, at);
    writeSync(handle, Uint8Array.of(byte[0] ^ 1), 0, 1, at);
    closeSync(handle);
  };
const cut =
  (share: number) =>
  (file: string): void =>
    truncateSync(file, Math.floor(statSync(file).size * share));

const fileIn = (part: string, beginning: string): string =>
  `${part}/${readdirSync(join(workspace, part)).find((name) => name.startsWith(beginning))!}`;

describe('crops that are not those that ingest wrote', () => {
  it.each([
    ['empty', cut(0)],
    ['cut in half', cut(0.5)],
    ['changed in one bit', flip(0.7)],
  ])('%s: every stage that reads them stops, and says whose they are', (_, harm) => {
    harmed('crops/crops.u8', harm, () => {
      const out = join(temporaryFolder(), 'set');
      for (const command of [
        ['train', '--force', ...tinyFlags.slice(4)],
        ['embed', '--force'],
        ['sift', '--force'],
        ['purify', '--crops', '--out', out],
      ]) {
        const { code, stderr } = facesieve(...command, ...w);
        expect(code, command[0]).toBe(2);
        expect(stderr, command[0]).toMatch(
          /crops\.u8" is damaged or cut short: not what ingest wrote: \d+ crops?, such as that of "[ABC]\//,
        );
      }
      expect(existsSync(out)).toBe(false);
      const { code, json } = facesieveJson('doctor', ...w);
      expect([code, json.workspace.sound]).toEqual([1, false]);
      expect(json.workspace.findings[0]).toMatchObject({ kind: 'damaged', path: 'crops/crops.u8' });
    });
  });
});

describe('tensor files of the workspace', () => {
  it.each([
    ['embeddings', 'train-', 'sift'],
    ['checkpoints', 'train-', 'embed'],
  ])('%s: one changed bit or a cut end stops the stage that reads them', (part, beginning, stage) => {
    for (const harm of [flip(0.02), flip(0.9), cut(0.8)])
      harmed(fileIn(part, beginning), harm, () => {
        const { code, stderr } = facesieve(stage, '--force', ...w);
        expect(code).toBe(2);
        expect(stderr).toMatch(/is not a whole tensor file/);
        expect(stderr).not.toMatch(/Unexpected/);
        expect(facesieve('doctor', ...w).code).toBe(1);
      });
  });

  it('are sound as the stages left them', () => {
    const { code, json } = facesieveJson('doctor', ...w);
    expect([code, json.workspace]).toEqual([0, { folder: workspace, sound: true, findings: [] }]);
  });

  it('hold no number that cannot be computed with', () => {
    const file = join(workspace, fileIn('embeddings', 'train-'));
    const whole = readFileSync(file);
    const { tensors, metadata } = readTensors(file);
    tensors.embeddings.data[5] = NaN;
    writeTensors(file, { tensors, metadata });
    const { code, stderr } = facesieve('sift', '--force', ...w);
    writeFileSync(file, whole);
    expect(code).toBe(2);
    expect(stderr).toMatch(/row 0 holds a number that is not finite/);
  });

  it('are checked once a process, and again when they were written again', () => {
    const file = join(temporaryFolder(), 'tensors');
    const tensors = { x: { shape: [3], data: Float32Array.of(1, 2, 3) } };
    writeTensors(file, { tensors, metadata: {} });
    expect(readTensors(file).tensors).toEqual(tensors);
    flip(1)(file);
    expect(() => readTensors(file)).toThrow(/not those that were written/);
  });

  it('of an earlier version, without a checksum, are read, and doctor says so', () => {
    harmed(
      fileIn('embeddings', 'train-'),
      (file) => {
        const bytes = readFileSync(file);
        bytes.write('facesieve.other.', bytes.indexOf('facesieve.crc32c'));
        writeFileSync(file, bytes);
      },
      () => {
        expect(facesieve('sift', '--force', ...w).code).toBe(0);
        const { code, json } = facesieveJson('doctor', ...w);
        expect([code, json.workspace.findings[0].kind]).toEqual([0, 'unchecked']);
      },
    );
  });
});

describe('a workspace', () => {
  it.skipIf(process.platform === 'win32')('can be read by its owner alone, whatever the umask', () => {
    const open = readdirSync(workspace, { recursive: true, encoding: 'utf8' })
      .filter((path) => !path.startsWith('purified'))
      .filter((path) => (statSync(join(workspace, path)).mode & 0o077) !== 0);
    expect(open).toEqual([]);
    expect(statSync(workspace).mode & 0o777).toBe(0o700);
    const report = join(temporaryFolder(), 'report.html');
    facesieve('report', '--out', report, ...w);
    expect(statSync(report).mode & 0o777).toBe(0o600);
  });

  it('that others could read is told by doctor', () => {
    chmodSync(workspace, 0o755);
    chmodSync(join(workspace, 'facesieve.db'), 0o644);
    const { code, json } = facesieveJson('doctor', ...w);
    chmodSync(workspace, 0o700);
    chmodSync(join(workspace, 'facesieve.db'), 0o600);
    expect(code).toBe(0);
    expect(json.workspace.findings).toMatchObject([{ kind: 'readable-by-others', path: 'facesieve.db' }]);
  });

  it('is free again after a file beside the lock could not be removed', () => {
    const place = join(temporaryFolder(), 'w');
    const opened = openWorkspace(place);
    // A folder in the place of the file: rmSync without `recursive` fails on it.
    vi.spyOn(opened.database, 'close').mockImplementationOnce(() => {
      throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
    });
    expect(() => opened.close()).toThrow();
    expect(() => openWorkspace(place).close()).not.toThrow();
  });

  it('syncs what it acknowledges: SQLite waits for the disk at each commit', () => {
    const database = openDatabase(join(temporaryFolder(), 'facesieve.db'));
    expect(database.pragma('synchronous', { simple: true })).toBe(2);
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    database.close();
  });

  it('that is damaged is told as damaged, with what to do', () => {
    harmed(
      'facesieve.db',
      (file) => {
        const handle = openSync(file, 'r+');
        ftruncateSync(handle, 8192);
        writeSync(handle, Buffer.alloc(3000, 7), 0, 3000, 4096);
        closeSync(handle);
      },
      () => {
        for (const command of [['explain', 'A/1.jpg'], ['sift', '--force'], ['report']]) {
          const { code, stderr } = facesieve(...command, ...w);
          expect([command[0], code]).toEqual([command[0], 2]);
          expect(stderr).not.toMatch(/Unexpected/);
        }
      },
    );
  });

  it('of another source is refused before anything is read, with the way out', () => {
    const other = join(folder, 'crawl', 'A');
    const { code, stderr } = facesieve('run', other, ...w, '--out', join(folder, 'elsewhere'), ...tinyFlags);
    expect(code).toBe(2);
    expect(stderr).toMatch(/belongs to ".*crawl", not to ".*A"/);
    expect(stderr).toMatch(/--workspace DIR[\s\S]*--force-source/);
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
  });

  it.skipIf(process.getuid?.() !== 0)(
    'that is read-only is read through a copy, and nothing is left of the copy',
    () => {
      const place = join(temporaryFolder(), 'w');
      cpSync(workspace, place, { recursive: true });
      const temporary = join(place, '..', 'tmp');
      mkdirSync(temporary);
      chmodSync(temporary, 0o777);
      chmodSync(join(place, '..'), 0o755);
      execFileSync('chown', ['-R', `${NOBODY}`, place]); // root writes wherever it wants
      execFileSync('chmod', ['-R', 'a-w', place]);
      const rules = join(place, '..', 'rules.json');
      writeFileSync(rules, '{"rules":[{"id":"noise-rate","max":1}]}');
      for (const command of [
        ['explain', 'A/1.jpg'],
        ['gate', '--rules', rules],
        ['decisions', 'export'],
        ['report', '--out', join(temporary, 'r.html')],
      ]) {
        const env = { ...process.env, TMPDIR: temporary, HOME: temporary };
        const run = spawnSync(process.execPath, [program, ...command, '-w', place], {
          uid: NOBODY,
          env,
          encoding: 'utf8',
        });
        expect([command[0], run.status, run.stderr]).toEqual([command[0], 0, '']);
      }
      expect(readdirSync(temporary).filter((name) => name.startsWith('facesieve'))).toEqual([]);
      const run = spawnSync(process.execPath, [program, 'sift', '--force', '-w', place], {
        uid: NOBODY,
        encoding: 'utf8',
      });
      expect([run.status, run.stderr]).toEqual([2, expect.stringMatching(/may not be|read-only/)]);
    },
  );
});

const NOBODY = 65534;
const program = join(import.meta.dirname, '../../bin/run.js');
