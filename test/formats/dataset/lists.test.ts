import { mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { UNLABELLED } from '../../../src/core/understood.js';
import { readerFor } from '../../../src/formats/dataset/readers.js';
import { temporaryFolder, writeFiles } from '../../helpers/tiny-crawl.js';
import { type Files, likeJpeg, readSet } from '../../helpers/written-sets.js';

const rows = ['Ada/0.jpg', 'Ada/1.jpg', 'Bo/0.jpg', 'Bo/1.jpg'].map((path) => [path, path.split('/')[0]]);
const people = { Ada: 2, Bo: 2 };
const images = (below = ''): Files => Object.fromEntries(rows.map(([path]) => [below + path, likeJpeg(path)]));
const lines = (line: (path: string, person: string, i: number) => string): string =>
  rows.map(([path, person], i) => line(path, person, i) + '\n').join('');

describe('a list of images and people', () => {
  it.each([
    ['head words with blanks', 'l.csv', `File Name,Person ID\n${lines((path, who) => `${path},${who}`)}`],
    ['head words written together', 'l.csv', `ImagePath,PersonName\n${lines((path, who) => `${path},${who}`)}`],
    ['blanks on both sides of cells', 'l.csv', ` path , identity \n${lines((path, who) => ` ${path} , ${who} `)}`],
    [
      'comments before it',
      'l.csv',
      `# made by x, y and z\n#\npath,identity\n${lines((path, who) => `${path},${who}`)}`,
    ],
    ['a head line behind #', 'l.csv', `#path,identity\n${lines((path, who) => `${path},${who}`)}`],
    ['a number of rows before it', 'l.txt', `4\nimage_id identity\n${lines((path, who) => `${path} ${who}`)}`],
    ['a head line and tabs in .txt', 'l.txt', `image_id\tidentity\n${lines((path, who) => `${path}\t${who}`)}`],
    ['apostrophes round cells', 'l.csv', `'path','identity'\n${lines((path, who) => `'${path}','${who}'`)}`],
    ['no head line and a number a row', 'l.csv', lines((path, who, i) => `${i},${path},${who}`)],
    [
      'a column of one value called label',
      'l.csv',
      `file,label,person_name\n${lines((path, who) => `${path},1,${who}`)}`,
    ],
    [
      'paths of a Windows disk',
      'l.csv',
      `path,identity\n${lines((path, who) => `D:\\faces\\${path.replace('/', '\\')},${who}`)}`,
    ],
    ['paths of another machine', 'l.csv', `path,identity\n${lines((path, who) => `/home/ann/faces/${path},${who}`)}`],
    ['paths from the folder above', 'l.csv', `path,identity\n${lines((path, who) => `set/${path},${who}`)}`],
    ['a path and a label in .lst', 'l.lst', lines((path, who) => `${path}\t${who}`)],
    ['blanks in .lst', 'l.lst', lines((path, who, i) => `${i} ${who} ${path}`)],
    ['blanks and no number in .lst', 'l.lst', lines((path, who) => `${path} ${who}`)],
    ['.list for its ending', 'l.list', lines((path, who) => `${path} ${who}`)],
    ['keys in capitals', 'l.jsonl', lines((path, who) => JSON.stringify({ File_Name: path, Identity: who }))],
    [
      'a byte order mark and NaN',
      'l.jsonl',
      '\uFEFF' + lines((path, who) => `{"path":"${path}","identity":"${who}","age":NaN}`),
    ],
    ['one array', 'l.json', JSON.stringify(rows.map(([path, identity]) => ({ path, identity })))],
    ['people by path', 'l.json', JSON.stringify(Object.fromEntries(rows))],
  ])('with %s is read', async (_, name, text) => {
    const folder = temporaryFolder();
    writeFiles(folder, { ...images(), [name]: text });
    const read = await readSet(join(folder, name));
    expect([read.people, read.refused]).toEqual([people, []]);
    expect(read.paths).toEqual(rows.map(([path]) => path));
  });

  it('keeps quotes within names', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { ...images(), 'l.csv': `path,identity\n${lines((path, who) => `${path},${who} "the" X`)}` });
    expect(Object.keys((await readSet(join(folder, 'l.csv'))).people)).toEqual(['Ada "the" X', 'Bo "the" X']);
  });

  it('finds files in the folder beside it, and in the Unicode form of their names', async () => {
    const folder = temporaryFolder();
    const [composed, apart] = ['é'.normalize('NFC'), 'é'.normalize('NFD')];
    writeFiles(folder, { [`img/${composed}.jpg`]: likeJpeg(1), 'l.csv': `path,identity\n${apart}.jpg,Ada\n` });
    const { people: found, understood } = await readSet(join(folder, 'l.csv'));
    expect(found).toEqual({ Ada: 1 });
    expect(understood.notes.join()).toMatch(/the files that ".*l.csv" names are in ".*img"/);
  });

  it('says where it looked when none of its files is there', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'l.csv': `path,identity\n${lines((path, who) => `${path},${who}`)}` });
    expect((await readSet(join(folder, 'l.csv'))).understood.warnings.join()).toMatch(/names none is in.*--root/);
  });

  it('with NaN for a name has a sample without a label', async () => {
    const folder = temporaryFolder();
    const text = lines((path, who, i) =>
      i === 0 ? `{"path":"${path}","identity":NaN}` : `{"path":"${path}","identity":"${who}"}`,
    );
    writeFiles(folder, { ...images(), 'l.jsonl': text });
    const read = await readSet(join(folder, 'l.jsonl'));
    expect([read.people, read.refused]).toEqual([{ Ada: 1, Bo: 2 }, [UNLABELLED]]);
  });

  it('of more columns without a head line is refused where it is not clear who is who', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { ...images(), 'l.csv': lines((path, who) => `${path},${who},f,${who}`) });
    await expect(readSet(join(folder, 'l.csv'))).rejects.toThrow(
      /has no head line, and which column says the identity/,
    );
  });
});

describe('tables in the folders of a set', () => {
  const flat = (path: string): string => path.replace('/', '');
  const flatImages: Files = Object.fromEntries(rows.map(([path]) => [flat(path), likeJpeg(path)]));

  it.each([
    ['metadata.csv', `file_name,label\n${lines((path, who) => `${flat(path)},${who}`)}`],
    ['metadata.jsonl', lines((path, who) => JSON.stringify({ file_name: flat(path), label: who }))],
  ])('are read for each part of it: %s', async (name, text) => {
    const folder = temporaryFolder();
    const parts = ['train', 'test'];
    for (const part of parts) writeFiles(join(folder, part), { ...flatImages, [name]: text });
    const read = await readSet(folder);
    expect(read.people).toEqual({ Ada: 4, Bo: 4 });
    expect(new Set(read.paths).size).toBe(8);
  });

  it('are read when they are metadata.parquet', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { ...flatImages, 'metadata.parquet': table(flat) });
    expect((await readSet(folder)).people).toEqual(people);
  });

  it('that are not read are named: loudly where the folders tell nobody apart', async () => {
    const folder = temporaryFolder();
    writeFiles(join(folder, 'img_align'), flatImages);
    writeFiles(folder, { 'identity.txt': lines((path, who) => `${flat(path)} ${who}`) });
    expect((await readSet(folder)).understood.warnings.join()).toMatch(
      /identity\.txt" lies among.*facesieve ingest .*identity\.txt/,
    );
    const bare = temporaryFolder();
    writeFiles(bare, { 'imgs/0.jpg': likeJpeg(0), 'train.lst': '0\tA\timgs/0.jpg\n' });
    const refused = await readSet(bare).catch((error: unknown) => error);
    expect((refused as { suggestions: string[] }).suggestions.join()).toMatch(/facesieve ingest .*train\.lst/);
  });

  const table = (named = (path: string): string => path): Uint8Array =>
    new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'file_name', data: rows.map(([path]) => named(path)), type: 'STRING' },
          { name: 'label', data: rows.map(([, who]) => who), type: 'STRING' },
        ],
      }),
    );

  it('make the source another one when an image that they name changes', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { ...images(), 'set.parquet': table() });
    const before = await readSet(join(folder, 'set.parquet'));
    expect(before.people).toEqual(people);
    utimesSync(join(folder, 'Ada/0.jpg'), 1, 1);
    expect((await readSet(join(folder, 'set.parquet'))).stamp).not.toBe(before.stamp);
  });
});

describe('records beside images', () => {
  it.each([
    ['NaN', (who: string) => `{"score": NaN, "identity": "${who}"}`],
    ['keys in capitals', (who: string) => `{"Identity": "${who}"}`],
    ['an object within', (who: string) => `{"name": "photo.jpg.original", "meta": {"person_name": "${who}"}}`],
  ])('are understood with %s', async (form, record) => {
    const folder = temporaryFolder();
    const keyed = form === 'an object within' ? ({ identityColumn: undefined } as const) : {};
    for (const [i, [, who]] of rows.entries())
      writeFiles(folder, {
        [`00000/${i}.jpg`]: likeJpeg(i),
        [`00000/${i}.json`]: form === 'an object within' ? record(who).replace(/"name".*?, /, '') : record(who),
      });
    expect((await readSet(folder, keyed)).people).toEqual(people);
  });
});

describe('files among images that are none', () => {
  it('are told by kind', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'Ada'));
    writeFiles(folder, {
      'Ada/0.jpg': likeJpeg(0),
      'Ada/a.mp4': 'x',
      'Ada/b.cr2': 'II*\0x',
      'Ada/c.jxl': 'x',
      'Ada/d.zip': 'PK',
    });
    const { refused } = await readSet(folder);
    expect(refused.map((reason) => /film|raw file|JPEG XL|archive/.exec(reason)?.[0])).toEqual([
      'film',
      'raw file',
      'JPEG XL',
      'archive',
    ]);
  });

  it('are told when there is nothing else', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'train/data-00000-of-00001.arrow': 'x', 'Ada.rar': 'Rar!' });
    const refused = await readSet(folder).catch((error: unknown) => error);
    expect((refused as { suggestions: string[] }).suggestions.join()).toMatch(/an archive among.*a file of data/s);
  });
});

describe('a workbook as a source', () => {
  it.each([
    ['people.xlsx', 'PK\x03\x04'],
    ['people.xlsm', 'PK\x03\x04'],
    ['people.numbers', 'PK\x03\x04'],
    ['renamed.csv', 'PK\x03\x04rest'],
    ['renamed.tsv', '\xd0\xcf\x11\xe0rest'],
    ['renamed.txt', 'PK\x03\x04rest'],
  ])('is refused with what to do instead: %s', (name, content) => {
    const folder = temporaryFolder();
    writeFiles(folder, { [name]: Buffer.from(content, 'latin1') });
    expect(() => readerFor(join(folder, name), 'auto')).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('is a workbook of a spreadsheet program'),
        suggestions: [expect.stringContaining('Save the sheet as CSV')],
      }),
    );
  });
});
