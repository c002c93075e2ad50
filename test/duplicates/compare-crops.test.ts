import { join } from 'node:path';
import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../src/core/random.js';
import { type CropSimilarity, CropComparer, isSamePhotograph } from '../../src/duplicates/compare-crops.js';
import { setHash } from '../../src/core/image-table.js';
import { emptyThumbnails, fillThumbnails } from '../../src/duplicates/thumbnail-table.js';
import { coarseMatches, coarseShape, windowsOf, zoomsOf } from '../../src/duplicates/coarse-match.js';
import { openPairProducts } from '../../src/engine/pair-products.js';
import { type Grey, mirrored } from '../../src/images/thumbnail.js';
import { CropReader, CropWriter } from '../../src/images/crop-file.js';
import { decodeCrop } from '../../src/images/decode.js';
import { hashNeighbours } from '../../src/duplicates/hash-neighbours.js';
import { differenceHash } from '../../src/images/perceptual-hash.js';
import { correlation, warp, registerImages } from '../../src/duplicates/inverse-compositional.js';
import { portraitOf } from '../helpers/drawn-portrait.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

const SIZE = 64;
const BAR = 0.955;

/** Opens a comparer over the crops of pictures, in that order. */
async function comparerOf(pictures: readonly Uint8Array[]): Promise<CropComparer> {
  const file = join(temporaryFolder(), 'crops.u8');
  const writer = new CropWriter(file, SIZE, 0);
  for (const picture of pictures)
    writer.append((await decodeCrop(picture, { size: SIZE, align: 'center', share: 0.52 }, 1e8)).crop);
  writer.close();
  const crops = new CropReader(file, SIZE);
  const thumbnails = emptyThumbnails(pictures.length, 1);
  fillThumbnails(thumbnails, crops, pictures.keys());
  return CropComparer.open(crops, thumbnails);
}

const compareOne = async (comparer: CropComparer, first: number, second: number): Promise<CropSimilarity> =>
  (await comparer.compare(Int32Array.of(first), Int32Array.of(second)))[0];

const wordsOf = (hashes: readonly string[]): Uint32Array => {
  const words = new Uint32Array(2 * hashes.length);
  hashes.forEach((hash, i) => setHash(words, i, hash));
  return words;
};

const cut = (left: number, top: number, right: number, bottom: number) => (picture: Sharp) =>
  picture.extract({
    left: Math.round(left * 200),
    top: Math.round(top * 200),
    width: Math.round((1 - left - right) * 200),
    height: Math.round((1 - top - bottom) * 200),
  });

const changes: Record<string, (picture: Sharp) => Sharp> = {
  'saved as JPEG of quality 30': (picture) => picture.jpeg({ quality: 30 }),
  'saved as WebP': (picture) => picture.webp({ quality: 50 }),
  'made smaller': (picture) => picture.resize(80, 80).jpeg(),
  'made larger': (picture) => picture.resize(400, 400).jpeg(),
  'cut at the left and the top': (picture) => cut(0.1, 0.08, 0, 0)(picture).jpeg(),
  'cut at every side': (picture) => cut(0.1, 0.1, 0.1, 0.1)(picture).jpeg(),
  'cut at the right, bad JPEG': (picture) => cut(0, 0.03, 0.1, 0.05)(picture).jpeg({ quality: 40 }),
};

describe('two crops of one picture fit onto each other', () => {
  it.each(Object.entries(changes))('%s', async (_, change) => {
    const picture = await portraitOf('somebody', 1);
    const comparer = await comparerOf([picture, await change(sharp(picture)).toBuffer()]);
    const similarity = await compareOne(comparer, 0, 1);
    expect(similarity.mirrored).toBe(false);
    expect(isSamePhotograph(similarity, BAR)).toBe(true);
  });

  it('mirrored, and smaller at that', async () => {
    const picture = await portraitOf('somebody', 1);
    const copy = await sharp(picture).flop().resize(100, 100).jpeg({ quality: 60 }).toBuffer();
    const similarity = await compareOne(await comparerOf([picture, copy]), 0, 1);
    expect(similarity.mirrored).toBe(true);
    expect(isSamePhotograph(similarity, BAR)).toBe(true);
  });

  it('and no others: another moment, another person, nothing at all', async () => {
    const flat = await sharp({ create: { width: 200, height: 200, channels: 3, background: '#777' } })
      .png()
      .toBuffer();
    const pictures = [1, 2, 3].map((take) => portraitOf('somebody', take));
    const comparer = await comparerOf([...(await Promise.all(pictures)), await portraitOf('another', 1), flat, flat]);
    const six = [0, 1, 2, 3, 4, 5];
    const pairs = six.flatMap((a) => six.filter((b) => b > a).map((b) => [a, b]));
    const [firsts, seconds] = [0, 1].map((side) => Int32Array.from(pairs, (pair) => pair[side]));
    const similarities = await comparer.compare(firsts, seconds);
    expect(similarities).toHaveLength(15);
    similarities.forEach((found, i) => expect(isSamePhotograph(found, BAR), pairs[i].join(' ')).toBe(false));
  });
});

describe('the coarse look by products', () => {
  it('finds the place that comparing all places one by one finds, mirrored or not', async () => {
    const products = await openPairProducts(coarseShape);
    const random = randomOf('coarse look');
    const noise = (): Grey => ({ data: Float32Array.from({ length: 256 }, () => random.normal()), side: 16 });
    for (let round = 0; round < 10; round++) {
      const first = noise();
      const shifted = { data: first.data.map((_, i) => first.data[(i + 17) % 256] + 0.3 * random.normal()), side: 16 };
      const second = round % 2 === 0 ? shifted : mirrored(shifted);
      const zooms = zoomsOf(first);
      const all = await products.multiply(zooms, windowsOf(second), Int32Array.of(0), Int32Array.of(0));
      const [match] = coarseMatches(all, zooms, second, 0.66);
      expect(match.mirrored).toBe(round % 2 === 1);
      const upright = windowsOf(match.mirrored ? mirrored(second) : second);
      let best = { cosine: -1, place: '' };
      for (let s = 0; s < 25; s++)
        for (let z = 0; z < 7; z++) {
          let cosine = 0;
          for (let i = 0; i < 144; i++) cosine += zooms[z * 144 + i] * upright[i * 25 + s];
          if (cosine > best.cosine) best = { cosine, place: `${(s % 5) - 2} ${Math.floor(s / 5) - 2}` };
        }
      expect(match.correlation).toBeCloseTo(best.cosine, 5);
      expect(`${16 * match.place.x0} ${16 * match.place.y0}`).toBe(best.place);
      expect(coarseMatches(all, zooms, second, best.cosine + 0.01)).toEqual([]);
    }
  });
});

describe('registering', () => {
  it('finds scale, turn and shift again', () => {
    const side = 48;
    const wave = (x: number, y: number): number => Math.sin(x / 3) + Math.cos(y / 4) + Math.sin((x + y) / 5);
    const place = { a: 1.05 * Math.cos(0.05), b: 1.05 * Math.sin(0.05), x0: 0.04, y0: -0.03 };
    const middle = (side - 1) / 2;
    const grey = (of: (u: number, v: number) => number) => ({
      data: Float32Array.from({ length: side * side }, (_, i) =>
        of((i % side) - middle, Math.floor(i / side) - middle),
      ),
      side,
    });
    const second = grey(wave);
    const first = grey((u, v) =>
      wave(place.a * u - place.b * v + place.x0 * side, place.b * u + place.a * v + place.y0 * side),
    );
    const found = registerImages(first, second, { a: 1, b: 0, x0: 0, y0: 0 }, 30);
    for (const name of ['a', 'b', 'x0', 'y0'] as const) expect(found[name]).toBeCloseTo(place[name], 2);
    expect(correlation(first.data, warp(second, found, new Float32Array(side * side))).correlation).toBeGreaterThan(
      0.99,
    );
  });
});

describe('neighbours by difference hash', () => {
  const hashOf = async (picture: Uint8Array): Promise<string> => {
    const { data } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
    return differenceHash({ data: new Uint8Array(data), width: 200, height: 200 });
  };

  it('are pictures saved anew and mirror images', async () => {
    const picture = await portraitOf('somebody', 1);
    const again = await sharp(picture).jpeg({ quality: 40 }).toBuffer();
    const turned = await sharp(picture).flop().png().toBuffer();
    const hashes = await Promise.all([picture, await portraitOf('another', 1), again, turned].map(hashOf));
    const pairs = [...hashNeighbours(wordsOf(hashes))].map((pair) => pair.join(' '));
    expect(pairs.sort()).toEqual(['0 2', '0 3', '2 3']);
  });

  it('stay few however many share one, and all hang together', () => {
    const pairs = [...hashNeighbours(wordsOf(new Array<string>(3000).fill('00ff00ff12345678')))];
    expect(new Set(pairs.map(String)).size).toBe(pairs.length);
    expect(pairs.length).toBeLessThan(3000 * 16);
    expect(new Set(pairs.flat()).size).toBe(3000);
  });

  it('differ in ten bits at most, and those in two bits are all found', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 63 }), fc.integer({ min: 0, max: 63 }), (seed, i, j) => {
        const random = randomOf('hashes', seed);
        const word = (): bigint => BigInt(random.integer(2 ** 31)) * 2n ** 33n + BigInt(random.integer(2 ** 31)) * 4n;
        const hashes = Array.from({ length: 40 }, word);
        const near = hashes[7] ^ (1n << BigInt(i)) ^ (1n << BigInt(j));
        const text = [...hashes, near].map((hash) => BigInt.asUintN(64, hash).toString(16).padStart(16, '0'));
        expect([...hashNeighbours(wordsOf(text))]).toContainEqual([7, 40]);
      }),
      { numRuns: 30 },
    );
  });
});
