import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readPairs } from '../../../src/formats/pairs/pair-readers.js';
import { encodeJpeg, encodePng } from '../../../src/images/encode.js';
import { longLivedFolder, portrait, writeFiles } from '../../helpers/tiny-crawl.js';

const folder = longLivedFolder();
const at = (name: string): string => join(folder, name);
const read = (file: string, templates?: string) =>
  readPairs({ file: at(file), roots: [folder], ...(templates && { templates: at(templates) }) });

beforeAll(async () => {
  const files: Record<string, Uint8Array> = {};
  for (const [name, count] of [
    ['Ada_Byron', 3],
    ['Bo', 2],
    ['Cy', 1],
  ] as const)
    for (let i = 1; i <= count; i++) files[`${name}/${name}_000${i}.jpg`] = await portrait(name, i);
  writeFiles(folder, files);
});

describe("LFW's pairs.txt", () => {
  const namesOf = async (text: string) => {
    writeFileSync(at('pairs.txt'), text);
    const { images, pairs } = await read('pairs.txt');
    return pairs.map(({ first, second, same }) => [images[first].name, images[second].name, same]);
  };
  const [ada1, ada2, ada3] = [1, 2, 3].map((i) => `Ada_Byron/Ada_Byron_000${i}.jpg`);
  const [bo1, bo2] = [1, 2].map((i) => `Bo/Bo_000${i}.jpg`);
  const cy1 = 'Cy/Cy_0001.jpg';

  it('with folds is read in its own order', async () => {
    const text = '2\t1\nAda_Byron\t1\t3\nAda_Byron\t2\tCy\t1\nBo\t1\t2\nBo\t2\tCy\t1\n';
    expect(await namesOf(text)).toEqual([
      [ada1, ada3, true],
      [ada2, cy1, false],
      [bo1, bo2, true],
      [bo2, cy1, false],
    ]);
  });

  it('with a single number takes both kinds in turn, and Windows line ends', async () => {
    expect(await namesOf('2\r\nAda_Byron 1 2\r\nBo 1 2\r\nAda_Byron 1 Bo 1\r\nBo 2 Cy 1\r\n')).toEqual([
      [ada1, ada2, true],
      [ada1, bo1, false],
      [bo1, bo2, true],
      [bo2, cy1, false],
    ]);
  });

  it.each([
    ['path1,path2,same\na,b,1\n', 'there is no image "a"'],
    ['', 'is not a pairs.txt'],
    ['2 1\nBo 1 2\n', 'holds 1 pairs; its header promises 4 (1 of each kind in each of 2 folds)'],
    ['1\nBo 1 2\nBo 1\n', 'pairs.txt:3: a pair is'],
    ['1\nBo 1 2\nBo 1 Cy x\n', '"x" is not the number'],
    ['1\nBo 1 9\nBo 1 Cy 1\n', 'pairs.txt:2: there is no image "Bo/Bo_0009.jpg"'],
  ])('says what is wrong: %j', async (text, tells) => {
    await expect(namesOf(text)).rejects.toThrow(tells);
  });
});

describe('a list of pairs as people have it', () => {
  const paths = { ada1: 'Ada_Byron/Ada_Byron_0001.jpg', ada2: 'Ada_Byron/Ada_Byron_0002.jpg', bo1: 'Bo/Bo_0001.jpg' };
  const { ada1, ada2, bo1 } = paths;
  const wanted = [
    [ada1, ada2, true],
    [ada1, bo1, false],
  ];

  it.each([
    ['two paths and a label', 'pair.txt', `${ada1} ${ada2} 1\n${ada1} ${bo1} 0\n`],
    ['a label and two paths', 'lfw_ann.txt', `1 ${ada1} ${ada2}\n0 ${ada1} ${bo1}\n`],
    ['tabs', 'pairs.txt', `${ada1}\t${ada2}\t1\n${ada1}\t${bo1}\t-1\n`],
    ['commas without a head line', 'pairs.csv', `${ada1},${ada2},1\n${ada1},${bo1},0\n`],
    ['other names of the columns', 'pairs.csv', `image1,image2,label\n${ada1},${ada2},1\n${ada1},${bo1},0\n`],
    ['semicolons', 'pairs.csv', `path1;path2;same\n${ada1};${ada2};true\n${ada1};${bo1};false\n`],
    ['names and numbers without a header', 'pairs.txt', 'Ada_Byron\t1\t2\nAda_Byron\t1\tBo\t1\n'],
    ["Kaggle's commas", 'pairs.csv', 'name,imagenum1,imagenum2,\nAda_Byron,1,2,\nAda_Byron,1,Bo,1\n'],
    ['blanks in names, tabs between', 'pairs.txt', '1\t1\nAda Byron\t1\t2\nAda Byron\t1\tBo\t1\n'],
    ['blanks in names and between', 'pairs.txt', '1\nAda Byron 1 2\nAda Byron 1 Bo 1\n'],
    ['separators of Windows', 'pairs.txt', `${ada1} ${ada2} 1\n${ada1} ${bo1} 0\n`.replaceAll('/', '\\')],
    ['UTF-16', 'pairs.txt', Buffer.from(`\uFEFF${ada1} ${ada2} 1\n${ada1} ${bo1} 0\n`, 'utf16le')],
  ])('is read: %s', async (_, name, text) => {
    writeFileSync(at(name), text);
    const { images, pairs } = await read(name);
    const found = pairs.map(({ first, second, same }) => [images[first].name, images[second].name, same]);
    expect(
      found.map((pair) =>
        pair.map((cell) =>
          typeof cell === 'string' ? cell.replaceAll('\\', '/').replace(/Ada Byron/g, 'Ada_Byron') : cell,
        ),
      ),
    ).toEqual(wanted);
  });

  it('finds images whose endings are in capitals', async () => {
    writeFiles(folder, { 'Di/Di_0001.JPG': await portrait('Di', 1), 'Di/Di_0002.JPG': await portrait('Di', 2) });
    writeFileSync(at('pairs.txt'), 'Di 1 2\n');
    expect((await read('pairs.txt')).pairs).toHaveLength(1);
  });
});

describe('a CSV of pairs', () => {
  it('names each image once, with the person of its folder', async () => {
    writeFileSync(
      at('pairs.csv'),
      'path1,path2,same\nBo/Bo_0001.jpg,Bo/Bo_0002.jpg,TRUE\nBo/Bo_0001.jpg,Cy/Cy_0001.jpg,0\n',
    );
    const { images, pairs } = await read('pairs.csv');
    expect(images.map(({ person }) => person)).toEqual(['Bo', 'Bo', 'Cy']);
    expect(pairs).toEqual([
      { first: 0, second: 1, same: true },
      { first: 0, second: 2, same: false },
    ]);
  });

  it.each([
    ['path1,path2\na,b\n', 'has no column "same"'],
    ['path1,path2,same\n', 'holds no rows'],
    ['\x89PNG\0\0', 'is not a CSV'],
  ])('says what is wrong: %j', async (text, tells) => {
    writeFileSync(at('wrong.csv'), text);
    await expect(read('wrong.csv')).rejects.toThrow(tells);
  });

  it('says which line is wrong', async () => {
    writeFileSync(at('wrong.csv'), 'path1,path2,same\nBo/Bo_0001.jpg,Bo/Bo_0002.jpg,maybe\n');
    await expect(read('wrong.csv')).rejects.toThrow('wrong.csv:2: same must be 1, 0, true or false');
  });
});

describe('templates', () => {
  beforeAll(() => {
    writeFileSync(
      at('templates.csv'),
      'template_id,path,media_id\nt1,Bo/Bo_0001.jpg,clip\nt1,Bo/Bo_0002.jpg,clip\nt2,Ada_Byron/Ada_Byron_0001.jpg,\nt2,Bo/Bo_0001.jpg,\n',
    );
  });

  it('hold images with their media; one without is a medium of its own', async () => {
    writeFileSync(at('template-pairs.csv'), 'template1,template2,same\nt2,t1,0\n');
    const { templates, pairs, images } = await read('template-pairs.csv', 'templates.csv');
    expect(images).toHaveLength(3);
    expect(pairs).toEqual([{ first: 1, second: 0, same: false }]);
    const media = templates!.map(({ members }) => new Set(members.map(({ media }) => media)).size);
    expect(media).toEqual([1, 2]);
  });

  it('that are not there are named', async () => {
    writeFileSync(at('template-pairs.csv'), 'template1,template2,same\nt2,t3,0\n');
    await expect(read('template-pairs.csv', 'templates.csv')).rejects.toThrow('there is no template "t3"');
  });
});

describe("insightface's .bin", () => {
  const crop = (size: number, value: number) => ({
    data: new Uint8Array(size * size * 3).fill(value),
    width: size,
    height: size,
  });
  /** A pickle of protocol 4 of (images, answers), answers as booleans. */
  const pickled = (images: readonly Uint8Array[], answers: readonly boolean[]): Buffer => {
    const bytes = images.flatMap((image) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(image.length);
      return [Buffer.from('B'), length, image];
    });
    const booleans = Buffer.from(answers.map((answer) => (answer ? 0x88 : 0x89)));
    const [head, middle, end] = ['\x80\x04](', 'e](', 'e\x86.'].map((text) => Buffer.from(text, 'latin1'));
    return Buffer.concat([head, ...bytes, middle, booleans, end]);
  };

  it('is a list of crops, two a pair', async () => {
    const images = [await encodeJpeg(crop(112, 10)), await encodePng(crop(112, 20))];
    writeFileSync(at('two.bin'), pickled([...images, ...images], [true, false]));
    const set = await read('two.bin');
    expect(set.pairs).toEqual([
      { first: 0, second: 1, same: true },
      { first: 2, second: 3, same: false },
    ]);
    expect(set.images.every(({ isCrop, person }) => isCrop && person === null)).toBe(true);
    expect(await set.images[1].read()).toEqual(images[1]);
  });

  it('with crops of another size, or none, tells how many', async () => {
    const images = [await encodeJpeg(crop(112, 10)), await encodePng(crop(96, 20)), Buffer.from('text'), Buffer.of()];
    writeFileSync(at('sizes.bin'), pickled(images, [true, true]));
    await expect(read('sizes.bin')).rejects.toThrow(
      'image 1 (pair 0) is 96 x 96; crops of 112 x 112 were expected. Of its 4 images 3 are of another size.',
    );
  });

  it.each([
    ['too few images', pickled([Buffer.of(1)], [true]), '1 images for 1 pairs'],
    ['no pairs', pickled([], []), 'holds no pairs'],
    ['one list', Buffer.from('\x80\x04].', 'latin1'), 'does not hold two lists'],
    ['numbers for images', Buffer.from('\x80\x04](K\x01K\x01e](\x88e\x86.', 'latin1'), 'not bytes'],
    [
      'other numbers for answers',
      Buffer.from('\x80\x04](C\x00C\x00e](K\x07e\x86.', 'latin1'),
      'neither true nor false',
    ],
  ])('with %s is refused', async (_, bytes, tells) => {
    writeFileSync(at('odd.bin'), bytes);
    await expect(read('odd.bin')).rejects.toThrow(tells);
  });

  const python = process.env.FACESIEVE_REFEREES;
  it.skipIf(!python).each([3, 4, 5])('as Python pickles it with protocol %i is read', async (protocol) => {
    const images = [await encodeJpeg(crop(112, 10)), await encodeJpeg(crop(112, 20))];
    images.forEach((bytes, i) => writeFileSync(at(`${i}.jpg`), bytes));
    const script =
      'import pickle, sys; b = [open(f, "rb").read() for f in sys.argv[1:3]]; ' +
      'pickle.dump((b * 300, [True, False] * 150), open(sys.argv[3], "wb"), protocol=int(sys.argv[4]))';
    const made = spawnSync(python!, ['-c', script, at('0.jpg'), at('1.jpg'), at('python.bin'), String(protocol)]);
    expect(made.status, String(made.stderr)).toBe(0);
    const set = await read('python.bin');
    expect(set.pairs).toHaveLength(300);
    expect(await set.images[599].read()).toEqual(readFileSync(at('1.jpg')));
  });
});
