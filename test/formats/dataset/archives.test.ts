import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { encodeRecord } from '../../../src/formats/dataset/recordio-frames.js';
import { readArchive } from '../../../src/formats/dataset/tar-files.js';
import { portrait, temporaryFolder, writeFiles } from '../../helpers/tiny-crawl.js';
import { contextOf } from '../../helpers/context.js';
import { likeJpeg, readSet, writeTar, zstdOf } from '../../helpers/written-sets.js';
import { ingest } from '../../../src/pipeline/ingest.js';

const tree = (names: readonly string[] = ['Ada/0.jpg', 'Ada/1.jpg', 'Bo/0.jpg']): Zippable =>
  Object.fromEntries(names.map((name) => [name, likeJpeg(name)]));
const people = { Ada: 2, Bo: 1 };

/** A zip whose every header is changed by `change`: in the directory, and before the files (`local`). */
function patched(files: Zippable, change: (head: DataView, local: boolean) => void): Buffer {
  const bytes = Buffer.from(zipSync(files));
  for (const [mark, local] of [
    ['PK\x03\x04', true],
    ['PK\x01\x02', false],
  ] as const)
    for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 4))
      change(new DataView(bytes.buffer, bytes.byteOffset + at), local);
  return bytes;
}
const flag = (head: DataView, local: boolean, change: (flags: number) => number): void =>
  head.setUint16(local ? 6 : 8, change(head.getUint16(local ? 6 : 8, true)), true);

const zip = (bytes: Uint8Array): string => {
  const file = join(temporaryFolder(), 'set.zip');
  writeFileSync(file, bytes);
  return file;
};

describe('a zip archive', () => {
  it('is ingested, and its images are found again for purify', async () => {
    const files: Zippable = {};
    for (const who of ['Ada', 'Bo'])
      for (let i = 0; i < 2; i++) files[`crawl/${who}/${i}.jpg`] = await portrait(who, i);
    const context = contextOf(temporaryFolder());
    const { result } = await ingest(context, zip(zipSync(files)));
    expect([result.images, result.identities]).toEqual([4, 2]);
  });

  it('of zips is a folder of each of them, and so is a folder of zips', async () => {
    const inner = { 'Ada.zip': zipSync(tree(['0.jpg', '1.jpg'])), 'Bo.zip': zipSync(tree(['0.jpg'])) };
    expect((await readSet(zip(zipSync(inner)))).people).toEqual(people);
    const folder = temporaryFolder();
    writeFiles(folder, inner);
    const read = await readSet(folder);
    expect(read.people).toEqual(people);
    expect(read.understood.notes).toContain('identity = the name of each zip archive');
  });

  it('of samples has the people that their metadata names', async () => {
    const files = [0, 1, 2].flatMap((i) => [
      [`${i}.jpg`, likeJpeg(i)] as const,
      [`${i}.json`, Buffer.from(JSON.stringify({ identity: i < 2 ? 'Ada' : 'Bo' }))] as const,
    ]);
    expect((await readSet(zip(zipSync(Object.fromEntries(files))))).people).toEqual(people);
  });

  it('gives no file whose name leads out, that is a link, or that is encrypted; and says so of each', async () => {
    const bad = { '../out.jpg': likeJpeg(1), '/abs.jpg': likeJpeg(2), 'Ada/c\u0001.jpg': likeJpeg(3) };
    const link: Zippable = { 'Ada/link.jpg': [Buffer.from('/etc/passwd'), { os: 3, attrs: 0o120777 << 16 }] };
    const { people: found, refused } = await readSet(zip(zipSync({ ...tree(), ...bad, ...link })));
    expect(found).toEqual(people);
    expect(refused.map((reason) => /leads out|absolute|control|symlink/.exec(reason)?.[0]).sort()).toEqual([
      'absolute',
      'control',
      'leads out',
      'symlink',
    ]);
    const locked = await readSet(zip(patched(tree(), (head, local) => flag(head, local, (flags) => flags | 1))));
    expect(locked.refused).toEqual(Array(3).fill('it is encrypted: unpack the archive with its password'));
  });

  it('that unpacks without end is given up, and one file that is too large is left out', async () => {
    const zeros = new Uint8Array(900_000);
    const many = Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`Ada/${i}.jpg`, zeros]));
    expect((await readSet(zip(zipSync(many)))).refused.join()).toContain('decompression bomb');
    const one = await readSet(zip(zipSync({ 'Ada/large.jpg': new Uint8Array(2 << 20), ...tree() })));
    expect([one.people, one.refused.join()]).toEqual([people, expect.stringContaining('more than the')]);
  });

  it('has names in UTF-8, whether it says so or not, or in code page 437', async () => {
    const files = tree(['José/0.jpg', 'Ada/0.jpg']);
    const unflagged = patched(files, (head, local) => flag(head, local, (flags) => flags & ~0x800));
    expect((await readSet(zip(unflagged))).people).toEqual({ José: 1, Ada: 1 });
    const old = Buffer.from(unflagged.toString('latin1').replaceAll('Ã©', '\x82\x82'), 'latin1');
    expect((await readSet(zip(old))).people).toEqual({ Joséé: 1, Ada: 1 });
  });

  it('that is cut is named, and of a damaged file the others are read', async () => {
    const whole = zipSync({ ...tree(), 'Bo/9.jpg': [likeJpeg('x'.repeat(500)), { level: 9 }] });
    expect((await readSet(zip(whole.subarray(0, whole.length - 60)))).refused.join()).toMatch(/damaged/);
    const bytes = Buffer.from(whole);
    bytes.fill(0xff, bytes.indexOf('Bo/9.jpg') + 8, bytes.indexOf('Bo/9.jpg') + 18);
    const { people: found, refused } = await readSet(zip(bytes));
    expect([found, refused.join()]).toEqual([people, expect.stringContaining('it is damaged in the archive')]);
  });

  it('whose bytes are not those that were packed names the file, and its image is not used', async () => {
    const bytes = Buffer.from(zipSync({ ...tree(), 'Bo/9.jpg': [likeJpeg('as it was'), { level: 0 }] }));
    bytes.write('as it is!', bytes.indexOf('as it was'));
    const { people: found, refused } = await readSet(zip(bytes));
    expect([found, refused.join()]).toEqual([people, 'it is damaged in the archive: its checksum is wrong']);
  });

  it.each([
    ['without files', zipSync({})],
    ['of folders alone', zipSync({ 'Ada/': new Uint8Array() })],
    ['of no bytes', new Uint8Array()],
  ])('%s is called empty, not damaged', async (_, bytes) => {
    expect((await readSet(zip(bytes))).refused.join()).toMatch(/^the archive is empty$/);
  });

  it('is told by its first bytes where it is called .tar', async () => {
    const file = join(temporaryFolder(), 'set.tar');
    writeFileSync(file, zipSync(tree()));
    expect((await readSet(file)).people).toEqual(people);
  });
});

describe('a tar archive', () => {
  const files = ['Ada/0.jpg', 'Ada/1.jpg', 'Bo/0.jpg'].map((name) => [name, likeJpeg(name)] as const);
  const tar = async (name: string, pack: (bytes: Buffer) => Uint8Array = (bytes) => bytes): Promise<string> => {
    const folder = temporaryFolder();
    await writeTar(join(folder, 'plain'), files);
    writeFileSync(join(folder, name), pack(readFileSync(join(folder, 'plain'))));
    return join(folder, name);
  };

  it('packed with zstd is read', async () => {
    expect((await readSet(await tar('set.tar.zst', zstdOf))).people).toEqual(people);
  });

  it('packed in another way is refused with the command that unpacks it', async () => {
    const { refused } = await readSet(await tar('set.tar.xz', () => Buffer.from('\xfd7zXZ\0rest', 'latin1')));
    expect(refused).toEqual(['it is compressed with xz, which is not read here: unpack it with xz -d']);
  });

  it('from before there was a mark of the format is read', async () => {
    const v7 = (bytes: Buffer): Buffer => {
      for (let at = 0; at + 512 <= bytes.length; at += 512) {
        if (bytes.toString('latin1', at + 257, at + 262) !== 'ustar') continue;
        bytes.fill(0, at + 257, at + 265);
        bytes.fill(' ', at + 148, at + 156);
        const sum = bytes.subarray(at, at + 512).reduce((total, byte) => total + byte, 0);
        bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1');
      }
      return bytes;
    };
    expect((await readSet(await tar('set.tar', v7))).people).toEqual(people);
  });

  it('that is not packed gives the places of its files, whose bytes are not read for it', async () => {
    const file = await tar('set.tar');
    const read = [];
    for await (const { name, bytes, place } of readArchive(file, 1 << 20))
      read.push([name, bytes.length, place?.length]);
    expect(read).toEqual(files.map(([name, bytes]) => [name, 0, bytes.length]));
  });

  it('for each person has its name for the person, but numbered shards have not', async () => {
    const folder = temporaryFolder();
    for (const who of ['Ada', 'Bo']) await writeTar(join(folder, `${who}.tar`), [['0.jpg', likeJpeg(who)]]);
    expect((await readSet(folder)).people).toEqual({ Ada: 1, Bo: 1 });
    const shards = temporaryFolder();
    for (const name of ['00000', '00001']) await writeTar(join(shards, `${name}.tar`), [['0.jpg', likeJpeg(name)]]);
    expect((await readSet(shards)).people).toEqual({});
  });

  it.each([
    ['.class', (who: string) => who],
    ['.txt', (who: string) => `${who}\n`],
  ])('has labels in %s', async (ending, text) => {
    const folder = temporaryFolder();
    const samples = ['Ada', 'Bo', 'Ada', 'Bo'].flatMap((who, i) => [
      [`${i}.jpg`, likeJpeg(i)] as const,
      [`${i}${ending}`, text(who)] as const,
    ]);
    await writeTar(join(folder, 'set.tar'), samples);
    expect((await readSet(join(folder, 'set.tar'))).people).toEqual({ Ada: 2, Bo: 2 });
  });

  it('with captions in .txt has no labels', async () => {
    const folder = temporaryFolder();
    const samples = [0, 1, 2, 3].flatMap((i) => [
      [`${i}.jpg`, likeJpeg(i)] as const,
      [`${i}.txt`, `a photograph, number ${i}`] as const,
    ]);
    await writeTar(join(folder, 'set.tar'), samples);
    expect((await readSet(join(folder, 'set.tar'))).people).toEqual({});
  });

  it('leaves out hidden folders, as a folder does', async () => {
    const folder = temporaryFolder();
    await writeTar(join(folder, 'set.tar'), [...files, ['Ada/.thumbnails/0.jpg', likeJpeg('t')]]);
    const { people: found, refused } = await readSet(join(folder, 'set.tar'));
    expect([found, refused]).toEqual([people, ['left out: files in a hidden folder']]);
  });
});

describe('counts that disagree with what is there', () => {
  const warnings = async (source: string): Promise<string> => (await readSet(source)).understood.warnings.join('\n');

  it('are told of img2dataset: shards that are missing, and images in one', async () => {
    const folder = temporaryFolder();
    for (const name of ['00000', '00001', '00003'])
      await writeTar(join(folder, `${name}.tar`), [
        ['0.jpg', likeJpeg(name)],
        ['0.cls', '1'],
      ]);
    writeFiles(folder, { '00001_stats.json': '{"count": 9, "successes": 7}', '00000_stats.json': '{"successes": 1}' });
    expect(await warnings(folder)).toMatch(/of 4 numbered files \*\.tar only 3 are there; 00002 missing/);
    expect(await warnings(folder)).toMatch(/00001\.tar" holds 1 images.*00001_stats\.json" says 7/);
    expect(await warnings(folder)).not.toContain('00000.tar');
  });

  it('are told of its folders', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, {
      '00000/0.jpg': likeJpeg(0),
      '00000/0.json': '{"identity":"A"}',
      '00000_stats.json': '{"successes":5}',
    });
    expect(await warnings(folder)).toMatch(/00000" holds 1 images.*says 5/);
  });

  it('are told of records, and of parquet files', async () => {
    const folder = temporaryFolder();
    const records = [0, 1].map((i) => encodeRecord(i, [i], likeJpeg(i)));
    writeFiles(folder, { 'train.rec': Buffer.concat(records), 'train.lst': '0\t0\ta.jpg\n1\t1\tb.jpg\n2\t1\tc.jpg\n' });
    expect(await warnings(join(folder, 'train.rec'))).toMatch(/train\.rec" holds 2 images.*train\.lst" says 3/);
    const tables = temporaryFolder();
    const columnData = [
      { name: 'image', data: [likeJpeg(0), likeJpeg(1)], type: 'BYTE_ARRAY' as const },
      { name: 'label', data: ['A', 'A'], type: 'STRING' as const },
    ];
    const bytes = new Uint8Array(parquetWriteBuffer({ columnData }));
    const info = JSON.stringify({ splits: { train: { num_examples: 5 } } });
    writeFiles(tables, { 'train-00000-of-00002.parquet': bytes, 'dataset_info.json': info });
    expect(await warnings(tables)).toMatch(/of 2 numbered files train-\*\.parquet only 1 are there; 00001 missing/);
    expect(await warnings(tables)).toMatch(/holds 2 images or rows.*dataset_info\.json" says 5/);
  });

  it('are not told of archives that are numbered by something else', async () => {
    const folder = temporaryFolder();
    for (const name of ['crawl-20240101', 'crawl-20250101'])
      await writeTar(join(folder, `${name}.tar`), [[`Ada/${name}.jpg`, likeJpeg(name)]]);
    expect(await warnings(folder)).not.toContain('numbered files');
  });
});
