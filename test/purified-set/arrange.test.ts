import { describe, expect, it } from 'vitest';
import type { CroppedImage } from '../../src/core/records.js';
import { type Arrival, arrange } from '../../src/purified-set/arrange.js';
import { originalArrivals } from '../../src/purified-set/arrivals.js';
import type { Originals } from '../../src/purified-set/originals.js';
import { WrittenHashes } from '../../src/purified-set/written-hashes.js';
import type { KeptImage } from '../../src/workspace/purified-list.js';

const read = () => Promise.resolve(new Uint8Array(1));
const arrival = (identity: string, name: string, foundUnder = identity): Arrival => ({
  ...{ from: `${foundUnder}/${name}`, identity, name, foundUnder, moved: foundUnder !== identity, sha256: '', read },
});
const placed = (arrivals: Arrival[], known?: string[]): [label: number, path: string, from: string][] =>
  arrange(arrivals, known).images.map(({ label, path, from }) => [label, path, from]);

describe('a purified set', () => {
  it('has labels in the order of names, and images by label and path', () => {
    expect(
      placed([arrival('C', '2.jpg'), arrival('A', '9.jpg'), arrival('C', '1.jpg'), arrival('B', '5.jpg')]),
    ).toEqual([
      [0, 'A/9.jpg', 'A/9.jpg'],
      [1, 'B/5.jpg', 'B/5.jpg'],
      [2, 'C/1.jpg', 'C/1.jpg'],
      [2, 'C/2.jpg', 'C/2.jpg'],
    ]);
  });

  it('that is extended keeps its labels, and new identities follow by name', () => {
    const arrivals = ['B', 'Z', 'C', 'A'].map((identity) => arrival(identity, '1.jpg'));
    expect(arrange(arrivals, ['Z', 'gone', 'B']).identities).toEqual(['Z', 'B', 'A', 'C']);
  });

  it('leaves the name of a file to the image that was found there; one that moved tells where it was found', () => {
    expect(placed([arrival('B', '1.jpg', 'A'), arrival('B', '1.jpg')])).toEqual([
      [0, 'B/1.jpg', 'B/1.jpg'],
      [0, 'B/A-1.jpg', 'A/1.jpg'],
    ]);
    expect(placed([arrival('B', '1.jpg', 'A')])).toEqual([[0, 'B/1.jpg', 'A/1.jpg']]);
  });

  it('numbers files that would have one name, wherever case does not count', () => {
    const paths = placed([arrival('B', '1.jpg'), arrival('B', '1.JPG'), arrival('B', 'sub/1.jpg')]).map(
      ([, path]) => path,
    );
    expect(paths).toEqual(['B/1.JPG', 'B/1~2.jpg', 'B/sub/1.jpg']);
  });
});

describe('kept images', () => {
  const kept = (path: string, identity: string, finalIdentity = identity): Arrival => {
    const image = { path, identity, sha256: 'hash' } as CroppedImage;
    const originals: Originals = { fileOf: () => '/file', read, close: () => undefined };
    return originalArrivals([{ image, finalIdentity } as KeptImage], originals)[0];
  };

  it('are called by what follows the folder of their identity', () => {
    expect(kept('crawl/Ada/more/1.jpg', 'Ada').name).toBe('more/1.jpg');
    expect(kept('Ada/1.jpg', 'Ada').name).toBe('1.jpg');
    expect(kept('somewhere/1.jpg', 'Ada').name).toBe('1.jpg'); // no folder of hers
    expect(kept('1.jpg', 'Ada').name).toBe('1.jpg');
    expect(kept('x/Ada', 'Ada').name).toBe('Ada'); // the file is called so, not a folder
  });

  it('moved where they go to another identity than they were found under', () => {
    expect(kept('Ada/1.jpg', 'Ada')).toMatchObject({ identity: 'Ada', moved: false, foundUnder: 'Ada' });
    expect(kept('Ada/1.jpg', 'Ada', 'Grace')).toMatchObject({ identity: 'Grace', moved: true, foundUnder: 'Ada' });
  });
});

describe('hashes of what was written', () => {
  it('are those of the bytes that were read, by the path that was written', async () => {
    const hashes = new WrittenHashes();
    const base = { from: '', identity: 'A', label: 0, sha256: 'original' };
    const images = [
      { ...base, path: 'A/1.png', read: () => Promise.resolve(Buffer.from('abc')) },
      { ...base, path: 'A/2.jpg', writtenSha256: 'known', read },
    ].map((image) => hashes.watch(image));
    for (const image of images) await image.read();
    expect([...hashes.byPath(images, ['00/1.png', '00/2.jpg'])]).toEqual([
      ['00/1.png', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'], // FIPS 180-2, of "abc"
      ['00/2.jpg', 'known'],
    ]);
  });
});
