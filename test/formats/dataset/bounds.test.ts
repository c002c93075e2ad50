import { closeSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { silentProgress } from '../../../src/core/progress.js';
import { ingest } from '../../../src/pipeline/ingest.js';
import { readCsv } from '../../../src/formats/csv.js';
import { openSources } from '../../../src/formats/dataset/open-sources.js';
import { codecsWithin } from '../../../src/formats/dataset/parquet-codecs.js';
import type { SourceEntry } from '../../../src/formats/dataset/reader.js';
import { encodeRecord } from '../../../src/formats/dataset/recordio-frames.js';
import { withoutStrays } from '../../../src/formats/dataset/stray-failures.js';
import { allImages } from '../../../src/workspace/images.js';
import { contextOf } from '../../helpers/context.js';
import { expectProcessorTime } from '../../helpers/processor-time.js';
import { portrait, temporaryFolder, writeFiles } from '../../helpers/tiny-crawl.js';

/** Processor time of what the limits keep small: each takes well below two seconds, and minutes without its limit. */
const SECONDS = 20;

async function entriesOf(source: string): Promise<SourceEntry[]> {
  const settings = { source, also: [], format: 'auto' as const, options: { maxFileBytes: 1 << 20 } };
  const entries = [];
  for await (const entry of (await openSources(settings, silentProgress)).entries()) entries.push(entry);
  return entries;
}

describe('the time that a list takes grows with its rows, not with their square', () => {
  it('when it names one path many times', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { '1.jpg': await portrait('A', 1), 'set.csv': `path,identity\n${'1.jpg,A\n'.repeat(6000)}` });
    const context = contextOf(temporaryFolder());
    await expectProcessorTime(SECONDS, async () => {
      expect((await ingest(context, join(folder, 'set.csv'))).result).toMatchObject({ images: 1, skipped: 5999 });
    });
    const paths = allImages(context.workspace).map(({ path }) => path);
    expect([paths[1], paths[5999]]).toEqual(['1.jpg (2)', '1.jpg (6000)']);
  });

  it('when an index has one key, or one record, many times: each record is read once', async () => {
    const folder = temporaryFolder();
    const records = [encodeRecord(1, [0], await portrait('A', 1)), encodeRecord(1, [0], await portrait('B', 1))];
    const index = `1\t0\n${`1\t${records[0].length}\n`.repeat(6000)}`;
    writeFiles(folder, { 'train.rec': Buffer.concat(records), 'train.idx': index });
    const context = contextOf(temporaryFolder());
    await expectProcessorTime(SECONDS, async () => {
      const { result } = await ingest(context, join(folder, 'train.rec'));
      expect(result).toMatchObject({ images: 2, skipped: 5999 });
      expect(result.notUsed.map(({ reason }) => reason)).toContain('the index names the record at byte n twice');
    });
  });

  it('when a table has a hundred thousand columns', async () => {
    const header = Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(',');
    await expectProcessorTime(SECONDS, () => expect(readCsv(`${header}\n${header}\n`, 'wide.csv')).toHaveLength(1));
    expect(() => readCsv(`a,b,a\n1,2,3\n`, 'twice.csv')).toThrow(/column "a" is there twice/);
  });
});

describe('a library that leaves promises behind', () => {
  it('is no reason to end, when it has failed already', async () => {
    const failing = (): Promise<never> => {
      const stray = Promise.reject(Object.assign(new Error('stray'), { stack: 'at /node_modules/hyparquet/src/x.js' }));
      void stray.then(() => undefined);
      return Promise.reject(new Error('told'));
    };
    await expect(withoutStrays('hyparquet', failing)).rejects.toThrow('told');
  });
});

describe('what is unpacked has a limit, whatever is promised', () => {
  it('a line without an end is not read to the end', async () => {
    const file = join(temporaryFolder(), 'set.jsonl');
    writeFileSync(file, '');
    truncateSync(file, 4 * 2 ** 30);
    await expectProcessorTime(SECONDS, () =>
      expect(entriesOf(file)).rejects.toThrow(/line 1: longer than 1048576 characters/),
    );
  });

  it('a tar whose header is as large as an archive, or that holds nothing', async () => {
    const folder = temporaryFolder();
    const header = Buffer.alloc(512);
    header.write(
      'name'.padEnd(100, '\0') + '0000644\0' + '0000000\0'.repeat(2) + '10000000000\0' + '00000000000\0',
      'latin1',
    );
    header.write('        x', 148, 'latin1');
    header.write('ustar\x0000', 257, 'latin1');
    const sum = header.reduce((a, b) => a + b, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    for (const [name, start] of [
      ['header.tar', header],
      ['zeros.tar', Buffer.alloc(512)],
    ] as const) {
      const handle = openSync(join(folder, name), 'w');
      writeSync(handle, start);
      closeSync(handle);
      truncateSync(join(folder, name), 64 * 2 ** 30);
      await expectProcessorTime(SECONDS, async () => {
        const [entry] = await entriesOf(join(folder, name));
        expect(entry.refusal?.reason).toMatch(/bytes of it hold no file|Header exceeds max size/);
      });
    }
  });

  it('a page of a parquet file gives no more than its header says, and all of them no more than the budget', () => {
    const bomb = gzipSync(Buffer.alloc(50 << 20));
    expect(() => codecsWithin(1 << 30).GZIP!(bomb, 1000)).toThrow();
    const codecs = codecsWithin(2000);
    const packed = gzipSync(Buffer.alloc(900));
    expect([codecs.GZIP!(packed, 900).length, codecs.GZIP!(packed, 900).length]).toEqual([900, 900]);
    expect(() => codecs.GZIP!(packed, 900)).toThrow(/unpacks to more than 2000 bytes/);
    expect(() => codecs.SNAPPY!(Buffer.of(1, 0, 0), 2 ** 30)).toThrow(/more than 2000 bytes/);
  });

  it('a shard keeps of a sample only what says something, and both of two images of one name', async () => {
    const archive = pack();
    const put = (name: string, bytes: Uint8Array) => archive.entry({ name }, Buffer.from(bytes));
    put('A/1.jpg', await portrait('A', 1));
    put('A/1.jpg', await portrait('A', 2));
    for (let part = 0; part < 100; part++) put(`A/1.part${part}`, new Uint8Array(1000));
    archive.finalize();
    const file = join(temporaryFolder(), 'set.tar');
    writeFileSync(file, await buffer(archive as unknown as NodeJS.ReadableStream));
    const entries = await entriesOf(file);
    expect(entries.map(({ path, place }) => [path, place!.length! > 100])).toEqual([
      ['set.tar/A/1.jpg', true],
      ['set.tar/1/A/1.jpg', true],
    ]);
  });
});
