import { chmodSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { silentProgress } from '../../../src/core/progress.js';
import { FormatError } from '../../../src/core/errors.js';
import { ingest } from '../../../src/pipeline/ingest.js';
import { openSources } from '../../../src/formats/dataset/open-sources.js';
import type { SourceEntry } from '../../../src/formats/dataset/reader.js';
import { readerFor } from '../../../src/formats/dataset/readers.js';
import { allImages } from '../../../src/workspace/images.js';
import { contextOf } from '../../helpers/context.js';
import { portrait, temporaryFolder, writeFiles } from '../../helpers/tiny-crawl.js';

async function tarOf(files: [Partial<Header> & { name: string }, Uint8Array?][]): Promise<Buffer> {
  const archive = pack();
  for (const [header, bytes] of files) archive.entry(header, Buffer.from(bytes ?? []));
  archive.finalize();
  return buffer(archive as unknown as NodeJS.ReadableStream);
}

async function entriesOf(source: string, maxFileBytes = 1 << 20): Promise<SourceEntry[]> {
  const opened = await openSources({ source, also: [], format: 'auto', options: { maxFileBytes } }, silentProgress);
  const entries = [];
  for await (const entry of opened.entries()) entries.push(entry);
  return entries;
}

const reasonOf = (entries: readonly SourceEntry[], part: string): string | undefined =>
  entries.find(({ path }) => path.includes(part))?.refusal?.reason;

describe('a tar archive', () => {
  it('gives no file whose name leads out, is absolute, or is no file at all', async () => {
    const jpeg = await portrait('A', 1);
    const file = join(temporaryFolder(), 'set.tar');
    writeFileSync(
      file,
      await tarOf([
        [{ name: 'A/good.jpg' }, jpeg],
        [{ name: '../../out.jpg' }, jpeg],
        [{ name: '/etc/cron.d/x.jpg' }, jpeg],
        [{ name: 'A/link.jpg', type: 'symlink', linkname: '/etc/passwd' }],
        [{ name: 'A/hard.jpg', type: 'link', linkname: 'A/good.jpg' }],
        [{ name: 'A/large.jpg' }, new Uint8Array(20_000)],
      ]),
    );
    const entries = await entriesOf(file, 10_000);
    expect(entries.filter(({ refusal }) => !refusal).map(({ path }) => path)).toEqual(['set.tar/A/good.jpg']);
    expect(reasonOf(entries, 'out.jpg')).toContain('leads out');
    expect(reasonOf(entries, 'x.jpg')).toContain('absolute');
    expect(reasonOf(entries, 'link.jpg')).toContain('symlink');
    expect(reasonOf(entries, 'large.jpg')).toContain('20000 bytes');
  });

  it('that promises more than it holds, or is cut, is named', async () => {
    const file = join(temporaryFolder(), 'cut.tar');
    writeFileSync(
      file,
      await tarOf([
        [{ name: 'A/1.jpg' }, await portrait('A', 1)],
        [{ name: 'A/2.jpg' }, new Uint8Array(5000)],
      ]),
    );
    truncateSync(file, 4096);
    expect(reasonOf(await entriesOf(file), 'cut.tar/cut.tar')).toMatch(/damaged/);
  });

  it('that unpacks without end is given up', async () => {
    const file = join(temporaryFolder(), 'bomb.tar.gz');
    const zeros = gzipSync(await tarOf([[{ name: 'A/1.jpg' }, new Uint8Array(90 << 20)]]));
    writeFileSync(file, zeros);
    expect(reasonOf(await entriesOf(file, 1 << 30), 'bomb')).toContain('decompression bomb');
  });
});

describe('a list', () => {
  it('names no file outside of its folder', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, {
      'set/A.jpg': await portrait('A', 1),
      'secret.jpg': await portrait('B', 1),
      'set/list.csv': `path,identity\nA.jpg,A\n../secret.jpg,B\n${join(folder, 'secret.jpg')},B\n,C\nA.jpg,\n`,
    });
    const entries = await entriesOf(join(folder, 'set/list.csv'));
    expect(entries.filter(({ refusal }) => !refusal).map(({ path }) => path)).toEqual(['A.jpg']);
    expect(entries.filter(({ refusal }) => refusal?.reason.includes('lies outside'))).toHaveLength(3);
    expect(reasonOf(entries.slice(4), 'A.jpg')).toContain('unlabelled');
  });

  it('without the columns it needs is an error that names those it has', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'list.csv': 'foto,wer\n1.jpg,A\n' });
    await expect(entriesOf(join(folder, 'list.csv'))).rejects.toThrow(/foto, wer/);
  });
});

describe('a folder', () => {
  it('with a link that leads back is read once', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'A/1.jpg': await portrait('A', 1) });
    symlinkSync(folder, join(folder, 'A', 'again'));
    symlinkSync('nowhere', join(folder, 'A', 'broken.jpg'));
    const entries = await entriesOf(folder);
    expect(reasonOf(entries, 'again')).toContain('leads back');
    expect(entries.filter(({ path }) => path.endsWith('1.jpg'))).toHaveLength(1);
  });

  it('keeps names apart that differ in case or Unicode form, and files it may not read as rows', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, {
      'anna/1.jpg': await portrait('A', 1),
      'Anna/1.jpg': await portrait('A', 2),
      'Jose\u0301/1.jpg': await portrait('B', 1),
      'Jos\u00e9/1.jpg': await portrait('B', 2),
      'locked/1.jpg': await portrait('C', 1),
    });
    chmodSync(join(folder, 'locked/1.jpg'), 0);
    const context = contextOf(temporaryFolder());
    const { result } = await ingest(context, folder);
    expect(result.identities).toBeGreaterThanOrEqual(4);
    expect(allImages(context.workspace)).toHaveLength(5);
  });
});

describe('what is not read at all', () => {
  it('a pickle, whoever asks', () => {
    const file = join(temporaryFolder(), 'lfw.bin');
    writeFileSync(file, '\x80\x04');
    expect(() => readerFor(file, 'auto')).toThrow(FormatError);
    expect(() => readerFor(file, 'auto')).toThrow(/pickle/);
  });

  it('an image of more pixels than allowed, a drawing under a photograph’s name', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, {
      'A/1.jpg': await portrait('A', 1),
      'A/drawing.png': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    });
    const context = contextOf(temporaryFolder(), { maxPixels: 100 });
    await expect(ingest(context, folder)).rejects.toThrow(/readable image/);
    const roomy = contextOf(temporaryFolder());
    const { result } = await ingest(roomy, folder);
    expect(result).toMatchObject({ images: 1, unreadable: 1 });
    expect(result.notUsed[0].reason).toContain('no image of a kind');
    expect(readdirSync(roomy.workspace.folder)).toContain('crops');
  });
});
