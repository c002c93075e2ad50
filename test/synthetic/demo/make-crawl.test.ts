import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/fingerprint.js';
import { makeCrawl } from '../../../src/synthetic/demo/make-crawl.js';
import { planCrawl } from '../../../src/synthetic/demo/plan-crawl.js';
import { decodeCrop } from '../../../src/images/decode.js';
import { readTruth } from '../../../src/formats/truth.js';
import { temporaryFolder } from '../../helpers/tiny-crawl.js';

const size = { identities: 7, imagesPerIdentity: 12 };
const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.jpg'));

describe('the drawn crawl', () => {
  it('is the same for the same seed, counts what it drew, and its broken files are broken', async () => {
    const [one, two] = [join(temporaryFolder(), 'crawl'), join(temporaryFolder(), 'crawl')];
    const counts = await makeCrawl(one, 5, size);
    await makeCrawl(two, 5, size);
    const files = filesOf(one);
    expect(files).toHaveLength(counts.images);
    for (const file of files) expect(sha256(readFileSync(join(one, file)))).toBe(sha256(readFileSync(join(two, file))));

    const truth = readTruth(join(one, 'truth.csv'));
    expect(truth).toHaveLength(counts.images - counts.broken);
    for (const kind of ['open', 'closed', 'nonface'] as const)
      expect(truth.filter(({ noise }) => noise === kind)).toHaveLength(counts[kind]);
    const listed = new Set(truth.map(({ path }) => path));
    for (const file of files) {
      const decoded = decodeCrop(readFileSync(join(one, file)), { size: 16, align: 'none', share: 1 }, 1e7);
      if (listed.has(file)) await decoded;
      else await expect(decoded).rejects.toThrow();
    }
  });

  it('has one person under two names and two people under one', () => {
    const { images } = planCrawl(size, 5);
    const clean = images.filter(({ noise }) => noise === 'none');
    const foldersOf = (person: number) =>
      new Set(clean.filter((image) => image.person === person).map(({ folder }) => folder));
    expect(foldersOf(0).size).toBe(2);
    const seconds = images.filter(({ person }) => person === 1000);
    expect(new Set(seconds.map(({ folder }) => folder)).size).toBe(1);
    expect(seconds.length).toBeGreaterThan(2);
  });

  it('swaps nobody into a folder of their own', () => {
    const { images } = planCrawl({ identities: 24, imagesPerIdentity: 27 }, 1);
    const personOf = new Map(
      images.filter(({ noise }) => noise === 'none').map(({ folder, person }) => [folder, person]),
    );
    for (const { folder, person, noise, trueIdentity } of images)
      if (noise === 'closed') {
        expect(person).toBe(personOf.get(trueIdentity));
        expect(person).not.toBe(personOf.get(folder));
      }
  });
});
