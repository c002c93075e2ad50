import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNLABELLED } from '../../src/core/understood.js';
import { encodeRecord } from '../../src/formats/dataset/recordio-frames.js';
import { temporaryFolder, writeFiles } from '../helpers/tiny-crawl.js';
import { type Files, labelledForms, likeJpeg, readSet, treeForms, writeTar } from '../helpers/written-sets.js';

const sum = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

/** Images of three people below `prefix`. */
function tree(prefix: string, names = ['Ada', 'Bo', 'Cy'], each = 2): Files {
  const all = names.flatMap((name) => Array.from({ length: each }, (_, i) => `${prefix}${name}/${i}.jpg`));
  return Object.fromEntries(all.map((path) => [path, likeJpeg(path)]));
}

describe.each(treeForms)('the level of folders that names people, in $form', ({ write }) => {
  it.each([
    ['a plain tree', tree('')],
    ['a wrapper folder', tree('my_dataset/')],
    ['several wrapper folders', tree('archive/data v2/faces/')],
    ['a part of the set', tree('train/')],
    ['parts of the set', { ...tree('train/'), ...tree('val/', ['Ada', 'Bo', 'Cy'], 1) }],
    ['a wrapper round parts of the set', { ...tree('x/train/'), ...tree('x/test/') }],
    ['batches', { ...tree('batch_01/', ['Ada', 'Bo']), ...tree('batch_02/', ['Bo', 'Cy']) }],
    ['numbered shards', { ...tree('00000/', ['Ada', 'Bo']), ...tree('00001/', ['Cy']) }],
    ['first letters', { ...tree('A/', ['Ada', 'Ann']), ...tree('B/', ['Bo']), ...tree('C/', ['Cy']) }],
    ['an images folder in each person', { ...tree('', ['Ada/images', 'Bo/images', 'Cy/images']) }],
    ['albums in some people', { ...tree('', ['Ada', 'Bo', 'Cy']), ...tree('Ada/', ['2019', '2020']) }],
    ['a stray image beside the people', { ...tree(''), 'cover.jpg': likeJpeg('cover') }],
    ['a stray image in the wrapper', { ...tree('set/', undefined, 8), 'set/cover.jpg': likeJpeg('cover') }],
  ])('is found below %s', async (_, files) => {
    const { people } = await readSet(await write(temporaryFolder(), files));
    expect(Object.keys(people).filter((name) => name !== 'Ann')).toEqual(['Ada', 'Bo', 'Cy']);
    expect(sum(people)).toBe(Object.keys(files).filter((path) => !path.endsWith('cover.jpg')).length);
  });

  it('is what --identity-depth says', async () => {
    const files = { ...tree('actors/', ['Ada', 'Bo']), ...tree('singers/', ['Cy', 'Di']) };
    const source = await write(temporaryFolder(), files);
    const found = await readSet(source);
    expect(Object.keys(found.people)).toEqual(['actors', 'singers']);
    expect(found.understood.warnings.join()).toMatch(/hold nothing but 4 further folders.*--identity-depth 2/);
    const told = await readSet(source, { identityDepth: 2 });
    expect(Object.keys(told.people).sort()).toEqual(['Ada', 'Bo', 'Cy', 'Di']);
  });

  it('is said with what was passed over', async () => {
    const { understood } = await readSet(await write(temporaryFolder(), tree('wrapper/train/')));
    expect(understood.notes.join('\n')).toMatch(
      /identity = third folder below ".*"; wrapper folders skipped: wrapper; parts of the set skipped: train/,
    );
  });

  it('is found in random trees: every image under its own name', async () => {
    const name = fc.string({
      unit: fc.constantFrom('a', 'b', 'e', 'N', 'é', '_', ' ', '.', '-'),
      minLength: 2,
      maxLength: 8,
    });
    const person = name.filter((text) => /^[abNe].*[abNé]$/.test(text)).map((text) => `p ${text}`.normalize('NFC'));
    const layout = fc.record({
      people: fc.uniqueArray(person, { minLength: 2, maxLength: 5, selector: (text) => text.toLowerCase() }),
      wrappers: fc.array(fc.constantFrom('archive', 'my set', 'faces', 'crawl-2024'), { maxLength: 3 }),
      splits: fc.constantFrom<string[]>([''], ['train/'], ['train/', 'test/'], ['batch_1/', 'batch_2/'], ['images/']),
      below: fc.constantFrom('', 'images/', 'a/b/'),
      litter: fc.boolean(),
      stray: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(layout, async ({ people, wrappers, splits, below, litter, stray }) => {
        const files: Files = {};
        const expected: Record<string, number> = {};
        const top = wrappers.map((folder) => `${folder}/`).join('');
        for (const part of splits)
          for (const one of people)
            for (let i = 0; i < 2; i++) {
              files[`${top}${part}${one}/${below}${i}.jpg`] = likeJpeg(`${part}${one}${i}`);
              expected[one] = (expected[one] ?? 0) + 1;
            }
        if (litter) files[`${top}${splits[0]}${people[0]}/@eaDir/0.jpg/SYNOPHOTO_THUMB_S.jpg`] = likeJpeg('litter');
        if (stray) files[`cover.jpg`] = likeJpeg('stray');
        const read = await readSet(await write(temporaryFolder(), files));
        expect(read.people).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });
});

describe.each(labelledForms)('labels in $form', ({ form, text, repeats, write }) => {
  it('that name nobody make nobody: nothing, negative numbers, and what programs write for a missing value', async () => {
    const nobody =
      form === 'recordio' ? [-1, -2, NaN] : text ? [null, -1, 'NaN', 'nan', 'None', '', 'NULL', '<NA>', '-1.0'] : [];
    const set = [...[0, 1, 2, 0, 1, 2], ...nobody].map((label, i) => ({ name: `${i}.jpg`, label }));
    const { people, refused } = await readSet(await write(temporaryFolder(), set));
    expect(Object.values(people)).toEqual([2, 2, 2]);
    expect(refused.filter((reason) => reason.startsWith(UNLABELLED))).toHaveLength(nobody.length);
  });

  it.skipIf(!text || form === 'lst')('that are words are names', async () => {
    const set = ['Ada', 'Bo', 'Ada', 'Bo'].map((label, i) => ({ name: `${i}.jpg`, label }));
    expect((await readSet(await write(temporaryFolder(), set))).people).toEqual({ Ada: 2, Bo: 2 });
  });

  it.skipIf(!text || form === 'lst')('in two forms of Unicode are one name', async () => {
    const set = ['José', 'Bo', 'José'.normalize('NFD'), 'Bo'].map((label, i) => ({ name: `${i}.jpg`, label }));
    expect((await readSet(await write(temporaryFolder(), set))).people).toEqual({
      [`José`.normalize('NFC')]: 2,
      Bo: 2,
    });
  });

  it.skipIf(!repeats)('of images that are stored under one name are all kept', async () => {
    const set = [0, 1, 2, 0, 1, 2].map((label) => ({ name: '000.jpg', label }));
    const { people, paths } = await readSet(await write(temporaryFolder(), set));
    expect(Object.values(people)).toEqual([2, 2, 2]);
    expect(new Set(paths).size).toBe(6);
  });
});

describe('a column of a table', () => {
  const images = (count: number): Files =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}.jpg`, likeJpeg(i)]));

  it.each([
    ['id,image,person_id', (i: number) => `${i},${i}.jpg,P${i % 2}`],
    ['name,image,label', (i: number) => `n${i},${i}.jpg,P${i % 2}`],
    ['image_id,celeb_id', (i: number) => `${i}.jpg,P${i % 2}`],
  ])('with a value of its own in each row is no identity: %s', async (head, row) => {
    const folder = temporaryFolder();
    const rows = [0, 1, 2, 3].map(row).join('\n');
    writeFiles(folder, { ...images(4), 'set.csv': `${head}\n${rows}\n`, 'set.jsonl': jsonl(head, rows) });
    for (const file of ['set.csv', 'set.jsonl'])
      expect((await readSet(join(folder, file))).people).toEqual({ P0: 2, P1: 2 });
  });

  const jsonl = (head: string, rows: string): string =>
    rows
      .split('\n')
      .map(
        (line) =>
          JSON.stringify(Object.fromEntries(line.split(',').map((cell, i) => [head.split(',')[i], cell]))) + '\n',
      )
      .join('');

  it('that only numbers the rows is refused, and the flag is named', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { ...images(4), 'set.csv': 'id,image\n0,0.jpg\n1,1.jpg\n2,2.jpg\n' });
    const refused = await readSet(join(folder, 'set.csv')).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      name: 'FormatError',
      message: expect.stringContaining('"id" has another value in each'),
    });
    expect((refused as { suggestions: string[] }).suggestions.join()).toContain('--identity-column');
  });
});

describe('a table', () => {
  const rows = ['img/Ada/0.jpg', 'img/Ada/1.jpg', 'img/Bo/0.jpg', 'img/Bo/1.jpg'].map((path) => [
    path,
    path.split('/')[1],
  ]);
  const lines = (between: string, head = ['path', 'identity']): string =>
    [head, ...rows].map((cells) => cells.join(between) + '\n').join('');
  const utf16 = (text: string): Buffer => Buffer.from('\uFEFF' + text, 'utf16le');

  it.each([
    ['semicolons', 'set.csv', lines(';')],
    ['tabs under .csv', 'set.csv', lines('\t')],
    ['bars', 'set.csv', lines('|')],
    ['blanks after commas', 'set.csv', lines(', ')],
    ['a byte-order mark', 'set.csv', '\uFEFF' + lines(',')],
    ['UTF-16', 'set.csv', utf16(lines('\t'))],
    ["Excel's sep= line", 'set.csv', `sep=;\n${lines(';')}`],
    ['backslashes', 'set.csv', lines(',').replaceAll('/', '\\')],
    ['no head line', 'set.csv', lines(',').split('\n').slice(1).join('\n')],
    ['blanks and no head line, as CelebA has it', 'identity.txt', lines(' ').split('\n').slice(1).join('\n')],
    ['Windows line ends', 'set.csv', lines(';').replaceAll('\n', '\r\n')],
    [
      'quotes',
      'set.csv',
      [['path', 'identity'], ...rows].map((cells) => cells.map((cell) => `"${cell}"`).join(';') + '\n').join(''),
    ],
  ])('with %s is read', async (_, name, text) => {
    const folder = temporaryFolder();
    writeFiles(folder, Object.fromEntries(rows.map(([path]) => [path, likeJpeg(path)])));
    writeFiles(folder, { [name]: text });
    const { people, paths } = await readSet(join(folder, name));
    expect(people).toEqual({ Ada: 2, Bo: 2 });
    expect(paths).toEqual(rows.map(([path]) => path));
  });

  it('of Windows-1252 keeps its letters', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { '0.jpg': likeJpeg(0), 'set.csv': Buffer.from('path;identity\n0.jpg;José\n', 'latin1') });
    expect((await readSet(join(folder, 'set.csv'))).people).toEqual({ José: 1 });
  });
});

describe('parts of a set', () => {
  const records = (label: number): Buffer =>
    Buffer.concat([0, 1].map((i) => encodeRecord(i, [label], likeJpeg(`${label} ${i}`))));

  it('are all read: files of records', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'faces_0.rec': records(0), 'faces_1.rec': records(1), 'faces_2.rec': records(2) });
    const { people, paths } = await readSet(folder);
    expect(Object.values(people)).toEqual([2, 2, 2]);
    expect(new Set(paths).size).toBe(6);
  });

  it.each([
    ['empty', () => ''],
    ['with blanks', (at: number[]) => at.map((offset, key) => `${key} ${offset}\n`).join('')],
    [
      'cut short',
      (at: number[]) =>
        at
          .slice(0, 2)
          .map((offset, key) => `${key}\t${offset}\n`)
          .join(''),
    ],
    ['of another file', () => '0\t0\n1\t13\n2\t9999999\n'],
  ])('are all read although the index is %s', async (_, indexOf) => {
    const folder = temporaryFolder();
    const all = [0, 1, 2, 0, 1, 2].map((label, i) => encodeRecord(i, [label], likeJpeg(i)));
    const offsets = all.map((__, i) => all.slice(0, i).reduce((total, { length }) => total + length, 0));
    writeFiles(folder, { 'train.rec': Buffer.concat(all), 'train.idx': indexOf(offsets) });
    const { people, understood, refused } = await readSet(folder);
    expect(Object.values(people)).toEqual([2, 2, 2]);
    expect(refused).toEqual([]);
    const said = [...understood.notes, ...understood.warnings].filter((sentence) => sentence.includes('train.idx'));
    expect(said).toHaveLength(_ === 'with blanks' ? 0 : 1);
  });
});

describe('a tree of images with records beside them', () => {
  it('is another source when a record says another person', async () => {
    const root = temporaryFolder();
    const record = (who: string) => writeFiles(root, { '00000/0.json': JSON.stringify({ identity: who }) });
    writeFiles(root, { '00000/0.jpg': likeJpeg(0) });
    record('Ada');
    const before = await readSet(root);
    expect([before.people, (await readSet(root)).stamp]).toEqual([{ Ada: 1 }, before.stamp]);
    record('Ada Lovelace');
    const after = await readSet(root);
    expect([after.people, after.stamp === before.stamp]).toEqual([{ 'Ada Lovelace': 1 }, false]);
  });
});

describe('samples of a shard', () => {
  const read = async (files: readonly (readonly [string, Uint8Array | string])[]) => {
    const folder = temporaryFolder();
    await writeTar(join(folder, 'set.tar'), files);
    return readSet(join(folder, 'set.tar'));
  };
  const of = (name: (i: number) => string, sidecar: (i: number) => string) =>
    [0, 1, 2, 3].map((i) => [
      [name(i), likeJpeg(i)] as const,
      [sidecar(i), JSON.stringify({ identity: `P${i % 2}` })] as const,
    ]);

  it.each([
    [
      'dots in names',
      of(
        (i) => `J.R._Smith_${i}.jpg`,
        (i) => `J.R._Smith_${i}.json`,
      ).flat(),
    ],
    [
      'endings of two parts',
      of(
        (i) => `${i}.face.jpg`,
        (i) => `${i}.json`,
      ).flat(),
    ],
    [
      'metadata with an ending of two parts',
      of(
        (i) => `${i}.jpg`,
        (i) => `${i}.meta.json`,
      ).flat(),
    ],
    [
      'metadata far away',
      of(
        (i) => `${i}.jpg`,
        (i) => `${i}.json`,
      )
        .flat()
        .sort(([a], [b]) => (a.slice(-3) < b.slice(-3) ? -1 : 1)),
    ],
    [
      'endings in capitals',
      of(
        (i) => `${i}.JPG`,
        (i) => `${i}.JSON`,
      ).flat(),
    ],
    [
      'AppleDouble files',
      of(
        (i) => `${i}.jpg`,
        (i) => `${i}.json`,
      )
        .flat()
        .flatMap((part) => [[`._${part[0]}`, '\0\x05\x16\x07'] as const, part]),
    ],
    [
      'folders',
      of(
        (i) => `a/${i}.jpg`,
        (i) => `a/${i}.json`,
      ).flat(),
    ],
    [
      'the same names again',
      of(
        () => `0.jpg`,
        () => `0.json`,
      ).flat(),
    ],
  ])('stay together: %s', async (_, files) => {
    expect((await read(files)).people).toEqual({ P0: 2, P1: 2 });
  });
});

describe('what a file is', () => {
  it('its first bytes say, whatever it is called', async () => {
    const names = ['a.jpg', 'b.jfif', 'c.jpe', 'd', 'e.jpg_large', 'f.jpg?w=200', 'g.jpg.1', 'h.JPG'];
    const files = Object.fromEntries(names.map((name) => [`Ada/${name}`, likeJpeg(name)]));
    for (const { write } of treeForms.slice(0, 2)) {
      const source = await write(temporaryFolder(), { ...files, 'Ada/notes': 'text', 'Ada/page.html': '<html>' });
      expect((await readSet(source)).people).toEqual({ Ada: names.length });
    }
  });
});

describe('names that are no UTF-8', () => {
  it('keep their images apart, under escaped names', async () => {
    const folder = temporaryFolder();
    for (const name of [Buffer.from('Ren\xe9', 'latin1'), Buffer.from('Ren\xfc', 'latin1'), Buffer.from('Ada')]) {
      const inside = Buffer.concat([Buffer.from(`${folder}/`), name]);
      mkdirSync(inside);
      for (let i = 0; i < 2; i++) writeFileSync(Buffer.concat([inside, Buffer.from(`/${i}.jpg`)]), likeJpeg(i));
    }
    expect((await readSet(folder)).people).toEqual({ Ada: 2, 'Ren\\xe9': 2, 'Ren\\xfc': 2 });
  });
});
