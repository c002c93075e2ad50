import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/fingerprint.js';
import { randomOf } from '../../src/core/random.js';
import type { CroppedImage, Decision } from '../../src/core/records.js';
import { comparableImages } from '../../src/duplicates/comparable-images.js';
import { openComparisonPool } from '../../src/duplicates/comparison-pool.js';
import { emptyThumbnails } from '../../src/duplicates/thumbnail-table.js';
import { CropWriter } from '../../src/images/crop-file.js';
import { decodeCrop } from '../../src/images/decode.js';
import { differenceHash } from '../../src/images/perceptual-hash.js';
import { knnAgreement } from '../../src/noise/knn-agreement.js';
import { markConflicts } from '../../src/duplicates/across-identities.js';
import { type DuplicateInput, findDuplicates } from '../../src/duplicates/find-duplicates.js';
import { UnionFind } from '../../src/core/union-find.js';
import { markDuplicates } from '../../src/duplicates/within-identity.js';
import { type NearDuplicates, groupDuplicates } from '../../src/duplicates/near-duplicates.js';
import { portraitOf } from '../helpers/drawn-portrait.js';
import { longLivedFolder } from '../helpers/tiny-crawl.js';

const SIZE = 64;
/** Thumbnails in one array: no path may count on having all of them in one. */
const BLOCK = 3;
const folder = longLivedFolder();
let pictures: Record<string, Buffer>;
let images: CroppedImage[];
let crops: Uint8Array[];

const imageOf = (path: string, more: Partial<CroppedImage> = {}): CroppedImage => ({
  ...{ id: 0, path, identity: path.split('/')[0], sha256: path, dhash: '0'.repeat(16), slot: 0 },
  ...{ width: 200, height: 200, error: null, state: 'ok', role: 'set', place: null },
  ...more,
});

beforeAll(async () => {
  const ada = await portraitOf('Ada', 1);
  const grace = await portraitOf('Grace', 1);
  pictures = {
    'Ada/1': ada,
    'Ada/2': await portraitOf('Ada', 2),
    'Ada/3': await portraitOf('Ada', 3),
    'Ada/bytes': Buffer.from(ada),
    'Ada/pixels': await sharp(ada)
      .png({ compressionLevel: 1, palette: false })
      .withMetadata({ density: 99 })
      .toBuffer(),
    'Ada/small': await sharp(ada).resize(90, 90).jpeg({ quality: 60 }).toBuffer(),
    'Ada/turned': await sharp(ada).flop().jpeg({ quality: 80 }).toBuffer(),
    'Grace/1': grace,
    'Grace/2': await portraitOf('Grace', 2),
    'Grace/of Ada': await sharp(ada).extract({ left: 14, top: 4, width: 180, height: 186 }).jpeg().toBuffer(),
  };
  crops = [];
  images = [];
  for (const [path, bytes] of Object.entries(pictures)) {
    const { crop, width, height } = await decodeCrop(bytes, { size: SIZE, align: 'center', share: 0.52 }, 1e8);
    const dhash = differenceHash({ data: crop, width: SIZE, height: SIZE });
    images.push(imageOf(path, { sha256: sha256(bytes), dhash, width, height }));
    crops.push(crop);
  }
});

/** NearDuplicates among the images at `order`, every pair a candidate. */
async function copiesIn(order: number[], backwards = false, threads = 1): Promise<NearDuplicates> {
  const file = join(folder, `${order.join('-')}-${backwards}`);
  const writer = new CropWriter(file, SIZE, 0);
  for (const i of order) writer.append(crops[i]);
  writer.close();
  const places = order.map((_, place) => place);
  const candidates = places.flatMap((a) => places.filter((b) => b > a).map((b) => [a, b] as const));
  const thumbnails = emptyThumbnails(order.length, BLOCK);
  const pool = openComparisonPool(
    { crops: { file, size: SIZE }, thumbnails, threshold: 0.955 },
    threads * 1000,
    threads,
  );
  try {
    await pool.each([{ kind: 'thumbnails', slots: Int32Array.from(places) }], () => undefined);
    return await groupDuplicates({
      images: comparableImages(order.map((i) => images[i])),
      slots: places,
      faces: places.map(() => 0),
      imageOf: Int32Array.from(places),
      candidates: backwards ? candidates.reverse() : candidates,
      pool,
    });
  } finally {
    await pool.close();
  }
}

const pathsTogether = (order: number[], { copyGroups }: NearDuplicates): string[] =>
  order.map((_, i) =>
    order
      .filter((_, j) => copyGroups[i] === copyGroups[j])
      .map((j) => images[j].path)
      .sort()
      .join(),
  );
const placeOf = (path: string): number => images.findIndex((image) => image.path === path);

describe('copies', () => {
  const all = Array.from({ length: 10 }, (_, i) => i);

  it('are found by kind, and other pictures of a person are none', async () => {
    const { copyGroups } = await copiesIn(all);
    const copies = images.filter((_, i) => copyGroups[i] === 0).map(({ path }) => path);
    expect(copies).toEqual(['Ada/1', 'Ada/bytes', 'Ada/pixels', 'Ada/small', 'Ada/turned', 'Grace/of Ada']);
    expect(new Set(copyGroups).size).toBe(5);
  });

  it.each([
    ['Ada/bytes', 'bytes'],
    ['Ada/pixels', 'pixels'],
    ['Ada/small', 'near'],
    ['Ada/turned', 'mirrored'],
    ['Grace/of Ada', 'near'],
  ])('%s is called %s', async (path, kind) => {
    const { pairs, mirrored } = await copiesIn([0, placeOf(path)]);
    expect(pairs).toEqual([{ first: 0, second: 1, kind }]);
    expect(mirrored[1]).toBe(kind === 'mirrored');
  });

  it('do not depend on the order of images and candidates', async () => {
    const expected = new Map(pathsTogether(all, await copiesIn(all)).map((paths, i) => [images[i].path, paths]));
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.boolean(), async (seed, backwards) => {
        const order = randomOf('order', seed).shuffle([...all]);
        const found = pathsTogether(order, await copiesIn(order, backwards));
        order.forEach((i, place) => expect(found[place]).toBe(expected.get(images[i].path)));
      }),
      { numRuns: 5 },
    );
  });

  it('are the same on three threads, pair by pair', async () => {
    expect(await copiesIn(all, false, 3)).toEqual(await copiesIn(all));
  });
});

describe('findDuplicates', () => {
  /** Features by which all images are neighbours: pixels must decide. */
  const features = (): number[][] => images.map((_, i) => [1, 0.01 * i]);
  const pixels = (): Uint8Array => Uint8Array.from(crops.flatMap((crop) => [...crop]));
  const hashes = (): Pick<DuplicateInput, 'contents' | 'sizes'> => ({
    contents: images.map((image) => image.sha256),
    sizes: images.map((image) => ({ width: image.width!, height: image.height! })),
  });

  it('finds them in arrays of crops and features, by kind', async () => {
    const found = await findDuplicates({ crops: pixels(), size: SIZE, features: features(), ...hashes() });
    const copies = images.filter((_, i) => found.copyGroups[i] === 0).map(({ path }) => path);
    expect(copies).toEqual(['Ada/1', 'Ada/bytes', 'Ada/pixels', 'Ada/small', 'Ada/turned', 'Grace/of Ada']);
    expect(found.pairs[0]).toEqual({ first: placeOf('Ada/1'), second: placeOf('Ada/bytes'), kind: 'bytes' });
    expect(found.mirrored[placeOf('Ada/turned')]).toBe(true);
  });

  it('needs crops and features alone: equal crops are then equal bytes', async () => {
    const { copyGroups } = await findDuplicates({ crops: pixels(), size: SIZE, features: features() });
    expect(copyGroups[placeOf('Ada/small')]).toBe(0);
    expect(copyGroups[placeOf('Ada/2')]).toBe(placeOf('Ada/2'));
  });

  it('refuses crops of another count', async () => {
    const input = { crops: pixels().subarray(1), size: SIZE, features: features() };
    await expect(findDuplicates(input)).rejects.toThrow(/There are 10 rows of features and 9\.\d+ crops of 64 x 64/);
  });
});

describe('groups', () => {
  it('are the same whatever the order of joining, mirrored or not', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 20 }), (seed, joins) => {
        const turned = Array.from({ length: 12 }, (_, i) => i % 3 === 0);
        const build = (pairs: [number, number][]): UnionFind => {
          const groups = new UnionFind(12);
          for (const [a, b] of pairs) groups.join(a, b, turned[a] !== turned[b]);
          return groups;
        };
        const [one, two] = [build(joins), build(randomOf('joins', seed).shuffle([...joins]))];
        expect(two.numbers()).toEqual(one.numbers());
        expect(two.mirroredFlags()).toEqual(one.mirroredFlags());
        one.numbers().forEach((first, i) => expect(one.mirroredFlags()[i]).toBe(turned[i] !== turned[first]));
      }),
    );
  });
});

describe('what copies mean', () => {
  const decisionOf = (image: CroppedImage, pNoise = 0.01, decision: Decision['decision'] = 'keep'): Decision => ({
    ...{ path: image.path, decision, reason: 'as usual', suggestedIdentity: null, pNoise },
    evidence: {} as Decision['evidence'],
  });
  const together = (count: number, more: Partial<NearDuplicates> = {}): NearDuplicates => ({
    ...{ copyGroups: new Int32Array(count), faceGroups: new Int32Array(count) },
    ...{ mirrored: new Array<boolean>(count).fill(false), pairs: [], ...more },
  });
  const names = (decisions: Decision[]): string[] => decisions.map(({ decision }) => decision);

  it('the largest of an identity stays, and the others say how they differ', () => {
    const set = [
      imageOf('A/1', { width: 100, height: 100 }),
      imageOf('A/2', { sha256: 'x' }),
      imageOf('A/3', { sha256: 'x' }),
      imageOf('A/4'),
      imageOf('A/5'),
    ];
    const copies = together(5, {
      mirrored: [true, false, false, false, false],
      pairs: [{ first: 1, second: 4, kind: 'pixels' }],
    });
    const marked = markDuplicates(
      set.map((image) => decisionOf(image)),
      set,
      copies,
    );
    expect(names(marked)).toEqual(['duplicate', 'keep', 'duplicate', 'duplicate', 'duplicate']);
    expect(marked.map(({ reason }) => reason)).toEqual([
      'the same picture as A/2, mirrored, 100 x 100 pixels instead of 200 x 200',
      'as usual',
      'the same file as A/2',
      'the same picture as A/2, saved anew',
      'the same picture as A/2, in another file',
    ]);
    expect(marked[0].evidence.sameAs).toEqual([{ path: 'A/2', identity: 'A' }]);
  });

  it('of equally large ones the one that sits best stays; copies of a dropped image are none', () => {
    const set = [imageOf('A/1'), imageOf('A/2'), imageOf('A/3')];
    const decisions = [decisionOf(set[0], 0.9, 'drop'), decisionOf(set[1], 0.1), decisionOf(set[2], 0.05)];
    const marked = markDuplicates(decisions, set, together(3));
    expect(names(marked)).toEqual(['drop', 'duplicate', 'keep']);
    expect(names(markDuplicates(decisions.slice(0, 2), set, together(2)))).toEqual(['drop', 'keep']);
  });

  it('under two names the one that sits worse is for a person to look at', () => {
    const set = [imageOf('A/1'), imageOf('B/1')];
    const marked = markConflicts([decisionOf(set[0], 0.2), decisionOf(set[1], 0.1)], set, together(2));
    expect(names(marked)).toEqual(['review', 'keep']);
    expect(marked[0].reason).toContain('the same photograph as B/1 under B');
    expect(marked[1].reason).toContain('the same photograph as A/1 under A');
    expect(marked.map(({ evidence }) => evidence.sameAs)).toEqual([
      [{ path: 'B/1', identity: 'B' }],
      [{ path: 'A/1', identity: 'A' }],
    ]);
  });

  it('is nothing more when one is called noise, or when they are two people of one photograph', () => {
    const set = [imageOf('A/1'), imageOf('B/1')];
    const noise = [decisionOf(set[0], 0.9, 'drop'), decisionOf(set[1], 0.1)];
    expect(names(markConflicts(noise, set, together(2)))).toEqual(['drop', 'keep']);
    const clean = set.map((image) => decisionOf(image));
    const crowd = together(2, { faceGroups: Int32Array.of(0, 1) });
    const marked = markConflicts(clean, set, crowd);
    expect(names(marked)).toEqual(['keep', 'keep']);
    expect(marked[0].evidence.sameAs).toHaveLength(1);
  });

  it('a copy is no witness', () => {
    const near = { k: 2, ids: Int32Array.of(1, 2, 0, 2, 0, 1), cosines: new Float32Array(6) };
    const labels = Int32Array.of(0, 0, 1);
    expect(knnAgreement(near, 2, labels, Int32Array.of(0, 1, 2))[0]).toBe(1);
    expect(knnAgreement(near, 2, labels, Int32Array.of(0, 0, 2))[0]).toBe(0);
  });
});
