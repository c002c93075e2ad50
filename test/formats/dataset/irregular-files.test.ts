import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfigFile } from '../../../src/cli/config-files.js';
import { readForeign } from '../../../src/engine/onnx/foreign-file.js';
import { contentHash } from '../../../src/pipeline/evaluate/measure-pairs.js';
import { readPairs } from '../../../src/formats/pairs/pair-readers.js';
import { readBaseline } from '../../../src/gate/baseline.js';
import { readRules } from '../../../src/gate/read-rules.js';
import { ingest } from '../../../src/pipeline/ingest.js';
import { ImportedFile } from '../../../src/formats/annotations/imported-file.js';
import { readerFor } from '../../../src/formats/dataset/readers.js';
import { allImages } from '../../../src/workspace/images.js';
import { readTruth } from '../../../src/formats/truth.js';
import { contextOf } from '../../helpers/context.js';
import { expectProcessorTime } from '../../helpers/processor-time.js';
import { portrait, temporaryFolder, writeFiles } from '../../helpers/tiny-crawl.js';

const pipeAt = (path: string): void => void execFileSync('mkfifo', [path]);

async function socketAt(path: string): Promise<void> {
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((ready) => server.listen(path, ready));
}

const rowsOf = (context: ReturnType<typeof contextOf>) =>
  Object.fromEntries(allImages(context.workspace).map(({ path, state, error }) => [path, `${state}: ${error}`]));

describe('what is no regular file in a crawl is skipped by name, and nothing waits for it', () => {
  it('in folders', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'A/1.jpg': await portrait('A', 1), 'B/1.jpg': await portrait('B', 1) });
    pipeAt(join(folder, 'A/pipe.jpg'));
    await socketAt(join(folder, 'A/socket.jpg'));
    symlinkSync('pipe.jpg', join(folder, 'A/to-pipe.jpg'));
    symlinkSync('/dev/zero', join(folder, 'A/zero.jpg'));
    symlinkSync('loop.jpg', join(folder, 'A/loop.jpg'));
    symlinkSync('..', join(folder, 'A/above'));
    pipeAt(join(folder, 'A/metadata.tar'));
    const context = contextOf(temporaryFolder());
    await ingest(context, folder);
    expect(rowsOf(context)).toEqual({
      'A/1.jpg': 'ok: null',
      'B/1.jpg': 'ok: null',
      'A/pipe.jpg': 'skipped: it is a named pipe, not a regular file',
      'A/metadata.tar': 'skipped: it is a named pipe, not a regular file',
      'A/socket.jpg': 'skipped: it is a socket, not a regular file',
      'A/to-pipe.jpg': 'skipped: it is a named pipe, not a regular file',
      'A/zero.jpg': 'skipped: it is a device, not a regular file',
      'A/loop.jpg': 'unreadable: a link that leads to itself',
      'A/above': 'skipped: a link that leads back to where it lies',
    });
  });

  it('in a list', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, {
      '1.jpg': await portrait('A', 1),
      'set.csv': 'path,identity\n1.jpg,A\npipe.jpg,A\nzero.jpg,A\n',
    });
    pipeAt(join(folder, 'pipe.jpg'));
    symlinkSync('/dev/zero', join(folder, 'zero.jpg'));
    const context = contextOf(temporaryFolder());
    await ingest(context, join(folder, 'set.csv'));
    expect(rowsOf(context)).toMatchObject({
      'pipe.jpg': 'skipped: it is a named pipe, not a regular file',
      'zero.jpg': 'skipped: it is a device, not a regular file',
    });
  });

  it('beside a source: a pipe where an index or a label map is looked for is an error', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'A/1.jpg': await portrait('A', 1) });
    pipeAt(join(folder, 'label-map.csv'));
    await expect(ingest(contextOf(temporaryFolder()), folder)).rejects.toThrow(/label-map.csv" cannot be read: .*pipe/);
  });

  it('folders of links to folders of links are read a few times, not without end', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'A/1.jpg': await portrait('A', 1), 'pool/24/x.txt': '' });
    for (let depth = 0; depth < 24; depth++) {
      mkdirSync(join(folder, 'pool', String(depth)), { recursive: true });
      for (const name of ['left', 'right']) symlinkSync(`../${depth + 1}`, join(folder, 'pool', String(depth), name));
    }
    const context = contextOf(temporaryFolder());
    await expectProcessorTime(20, () => ingest(context, folder));
    expect(Object.values(rowsOf(context))).toContain('skipped: a link to a folder that was read 16 times already');
  });
});

describe('a pipe, a socket or a device that somebody names is an error in a sentence', () => {
  const readers: Record<string, (file: string) => unknown> = {
    'a source': (file) => readerFor(file, 'auto'),
    'a source of a given format': (file) => readerFor(file, 'webdataset'),
    truth: readTruth,
    rules: readRules,
    'a baseline': readBaseline,
    settings: readConfigFile,
    'a model': readForeign,
    pairs: contentHash,
    'a list of pairs': (file) => readPairs({ file, roots: [] }),
    decisions: (file) => new ImportedFile(file).bytes(),
  };

  it.each(Object.entries(readers))('as %s', async (_, read) => {
    const folder = temporaryFolder();
    const file = join(folder, 'x.tar');
    pipeAt(file);
    await socketAt(join(folder, 'socket'));
    const reading = async (path: string) => read(path);
    await expect(reading(file)).rejects.toThrow(/x.tar" cannot be read: it is a named pipe, not a regular file/);
    await expect(reading(join(folder, 'socket'))).rejects.toThrow(/it is a socket, not a regular file/);
    await expect(reading('/dev/zero')).rejects.toThrow(/it is a device, not a regular file/);
  });
});
