import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/core/fingerprint.js';
import { membersByLabel, membersOf } from '../../src/core/groups.js';
import { ImageTable, type TableImage } from '../../src/core/image-table.js';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const imageOf = (identity: string, i: number): TableImage => ({
  ...{ id: 100 + i, path: `${identity}/fräulein-\u{1F642}-${i}.jpg`, identity, sha256: hash(`${i % 5}`) },
  ...{ dhash: hash(String(i)).slice(0, 16), width: i % 3 === 0 ? null : 200 + i, height: 100, slot: 2 * i },
  state: i % 4 === 0 ? 'no-face' : 'ok',
});
/** Names whose order in SQLite, by bytes, is not that of strings: the order of labels is that of strings. */
const names = ['Ada', 'Grace', '\u{FF21}da', '\u{1F642}'];
const images = Array.from({ length: 23 }, (_, i) => imageOf(names[Math.floor(i / 6)], i));
const fields = ({ id, path, identity, sha256, dhash, width, height, slot, state }: TableImage): TableImage => ({
  ...{ id, path, identity, sha256, dhash, width, height, slot, state },
});

describe('images in columns', () => {
  // 100 bytes hold one or two texts: every list of texts lies in many buffers.
  const table = ImageTable.from(images.values(), images.length, 100);

  it('are what they were, however few texts a buffer holds', () => {
    expect(Array.from(table, fields)).toEqual(images);
    expect(fields(table.at(17)!)).toEqual(images[17]);
    expect(table.at(23)).toBeUndefined();
  });

  it('hold a text that is longer than a buffer', () => {
    const long = { ...images[0], path: `${'deep/'.repeat(100)}a.jpg` };
    expect(ImageTable.from([images[1], long, images[2]], 3, 100).path(1)).toBe(long.path);
  });

  it('compare contents as their hashes compare', () => {
    for (let a = 0; a < 10; a++)
      for (let b = 0; b < 10; b++)
        expect(table.compareContents(a, b)).toBe(
          Buffer.compare(Buffer.from(images[a].sha256), Buffer.from(images[b].sha256)),
        );
  });

  it('have labels in the order of the names as strings', () => {
    const { identities, labels } = table.labelled();
    expect(identities).toEqual([...names].sort());
    expect(Array.from(labels, (label) => identities[label])).toEqual(images.map(({ identity }) => identity));
  });

  it('get other names, and the first table keeps its own', () => {
    const renamed = table.renamed((path) => (path.startsWith('Ada') ? 'Grace' : 'Zoe'));
    expect(Array.from(renamed, ({ identity }) => identity)).toEqual(
      images.map(({ identity }) => (identity === 'Ada' ? 'Grace' : 'Zoe')),
    );
    expect(renamed.labelled().identities).toEqual(['Grace', 'Zoe']);
    expect(renamed.path(22)).toBe(images[22].path);
    expect(table.identity(0)).toBe('Ada');
  });
});

describe('members of groups', () => {
  it('are those of the groups with more than one, the group that begins first in front', () => {
    expect(membersOf(Int32Array.of(0, 1, 1, 3, 0, 5))).toEqual([
      [0, 4],
      [1, 2],
    ]);
  });

  it('may have any numbers: labels of a few images', () => {
    expect(membersOf(Int32Array.of(907, 4, 7, 907))).toEqual([[0, 3]]); // 7 and 907 are in one bucket: 3 = 7 % 4 = 907 % 4
    expect(membersOf(new Int32Array())).toEqual([]);
  });

  it('of a label are in the order of the images, and images without one are in none', () => {
    const members = [...membersByLabel(Int32Array.of(2, 0, -1, 2, 0))].map((some) => [...some]);
    expect(members).toEqual([[1, 4], [], [0, 3]]);
    expect([...membersByLabel([])]).toEqual([]);
  });
});

describe('a fingerprint', () => {
  const digest = (text: string): string => hash(text).slice(0, 10);

  it('is of JSON with sorted keys, without what is undefined', () => {
    expect(fingerprint({ b: [1, 'ä', null, { d: 0, c: undefined }], a: true })).toBe(
      digest('{"a":true,"b":[1,"ä",null,{"d":0}]}'),
    );
    expect(fingerprint([])).toBe(digest('[]'));
    expect(fingerprint({})).toBe(digest('{}'));
    expect(fingerprint([undefined])).toBe(digest('[null]'));
  });

  it('of what an iterator yields is that of the list, also where it is hashed in many pieces', () => {
    const list = Array.from({ length: 20_000 }, (_, i) => [`path ${i} \u{1F642}`, i]);
    expect(fingerprint({ images: list.values() })).toBe(digest(JSON.stringify({ images: list })));
    expect(fingerprint({ images: list })).toBe(digest(JSON.stringify({ images: list })));
  });
});
