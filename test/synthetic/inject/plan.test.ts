import fc from 'fast-check';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inject } from '../../../src/synthetic/inject/inject.js';
import { planNoise } from '../../../src/synthetic/inject/plan.js';
import { planRepeated } from '../../../src/synthetic/inject/repeated.js';
import { readTruth, writeTruth } from '../../../src/formats/truth.js';
import { portrait, temporaryFolder, tinyCrawl, writeFiles } from '../../helpers/tiny-crawl.js';

const images = Array.from({ length: 100 }, (_, i) => ({ path: `P${i % 7}/${i}.jpg`, identity: `P${i % 7}` }));
const outsiders = Array.from({ length: 60 }, (_, i) => `/out/${i}.jpg`);

describe('noise that repeats', () => {
  it('is one other person in some folders, who is nowhere else in the set', () => {
    const { placements, rest } = planRepeated(images, 0.3, 1);
    const hosts = new Set(placements.map(({ path }) => path.split('/')[0]));
    const strangers = new Set(placements.map(({ content }) => content.split('/')[0]));
    expect([hosts.size, strangers.size]).toEqual([1, 1]);
    expect(placements).toHaveLength(4); // of 14 or 15
    expect(new Set(placements.map(({ content }) => content)).size).toBe(4);
    const [stranger] = strangers;
    expect(rest.some(({ identity }) => identity === stranger || hosts.has(stranger))).toBe(false);
    expect(rest.filter(({ identity }) => hosts.has(identity)).length + placements.length).toBeGreaterThan(13);
    expect(rest.length).toBeLessThan(images.length - 4 - 13);
  });

  it('is none unless asked for', () => {
    expect(planRepeated(images, 0, 1)).toEqual({ placements: [], rest: images });
  });

  it.each([1, -0.1, NaN])('is refused at a share of %d', (share) => {
    expect(() => planRepeated(images, share, 1)).toThrow('--repeated is a share from 0 to below 1');
  });
});

describe('a noise plan', () => {
  it('spoils the asked shares, nobody twice, swaps only between identities', () => {
    const rate = fc.integer({ min: 0, max: 30 }).map((percent) => percent / 100);
    fc.assert(
      fc.property(rate, rate, rate, fc.nat(1000), (open, closed, nonface, seed) => {
        const plan = planNoise(images, outsiders, { open, closed, nonface }, seed);
        const count = (kind: string) => plan.filter(({ noise }) => noise === kind).length;
        const wanted = [open, closed, nonface].map((share) => Math.round(share * images.length));
        expect([count('open'), count('nonface')]).toEqual([wanted[0], wanted[2]]);
        // A label is not swapped alone: where two by two is the only way, there may be one more.
        expect([wanted[1], wanted[1] + (wanted[1] % 2)]).toContain(count('closed'));
        const strangers = plan.filter(({ noise }) => noise === 'open').map(({ content }) => content);
        expect(new Set(strangers).size).toBe(strangers.length);
        for (const { noise, path, content, trueIdentity } of plan) {
          if (noise === 'none') expect([content, trueIdentity]).toEqual([path, path.split('/')[0]]);
          if (noise === 'closed') expect(trueIdentity).not.toBe(path.split('/')[0]);
          if (noise === 'closed') expect(content.startsWith(`${trueIdentity}/`)).toBe(true);
        }
        const swapped = plan.filter(({ noise }) => noise === 'closed');
        expect(swapped.map(({ content }) => content).sort()).toEqual(swapped.map(({ path }) => path).sort());
      }),
      { numRuns: 50 },
    );
  });

  it('swaps two by two where one identity has most of the images', () => {
    const lopsided = images.map((image, i) => (i < 90 ? { path: `P/${i}.jpg`, identity: 'P' } : image));
    const plan = planNoise(lopsided, [], { open: 0, closed: 0.1, nonface: 0 }, 1);
    const swapped = plan.filter(({ noise }) => noise === 'closed');
    expect(swapped).toHaveLength(10);
    for (const { path, trueIdentity } of swapped) expect(path.startsWith(`${trueIdentity}/`)).toBe(false);
  });

  it('refuses shares above one and too few outsiders', () => {
    expect(() => planNoise(images, outsiders, { open: 0.9, closed: 0.2, nonface: 0 }, 1)).toThrow(/more than 1/);
    expect(() => planNoise(images, outsiders, { open: 0.7, closed: 0, nonface: 0 }, 1)).toThrow(
      /70 outsiders are needed/,
    );
  });
});

describe('inject', () => {
  it('leaves a set with the same paths, its truth, and the same bytes for the same seed', async () => {
    const source = await tinyCrawl(temporaryFolder(), 4, 10);
    const strangers = temporaryFolder();
    writeFiles(
      strangers,
      Object.fromEntries(await Promise.all([1, 2, 3, 4].map(async (i) => [`${i}.jpg`, await portrait('X', i)]))),
    );
    const parent = temporaryFolder();
    const make = (out: string) =>
      inject({ source, out: join(parent, out), seed: 3, open: 0.1, closed: 0.1, nonface: 0.05, outsiders: strangers });
    expect(await make('one')).toEqual({ images: 40, open: 4, closed: 4, nonface: 2, repeated: 0 });
    await make('two');
    const files = readdirSync(join(parent, 'one'), { recursive: true, encoding: 'utf8' }).filter((f) =>
      f.includes('.'),
    );
    expect(files.filter((file) => file.endsWith('.jpg'))).toHaveLength(40);
    for (const file of files)
      expect(readFileSync(join(parent, 'one', file)).equals(readFileSync(join(parent, 'two', file))), file).toBe(true);

    for (const { path, noise, true_identity } of readTruth(join(parent, 'one', 'truth.csv'))) {
      const same = readFileSync(join(parent, 'one', path)).equals(readFileSync(join(source, path)));
      expect(same).toBe(noise === 'none');
      if (noise === 'open' || noise === 'nonface') expect(true_identity).toBe('');
    }
  });

  it('takes identities out of the set when there are no outsiders', async () => {
    const source = await tinyCrawl(temporaryFolder(), 5, 4);
    const out = join(temporaryFolder(), 'out');
    const { images, open } = await inject({ source, out, seed: 1, open: 0.2, closed: 0, nonface: 0 });
    expect(images).toBe(16);
    expect(open).toBe(Math.round(0.2 * 16));
  });

  it('never writes into its source or over something', async () => {
    const source = await tinyCrawl(temporaryFolder(), 2, 2);
    const rates = { seed: 1, open: 0, closed: 0, nonface: 0 };
    await expect(inject({ source, out: join(source, 'A', 'x'), ...rates })).rejects.toThrow(/may not lie in SOURCE/);
    const full = temporaryFolder();
    writeFiles(full, { precious: 'x' });
    await expect(inject({ source, out: full, ...rates })).rejects.toThrow(/not empty/);
    expect(existsSync(join(full, 'precious'))).toBe(true);
  });
});

describe('truth.csv', () => {
  it('comes back as it was, whatever the names', () => {
    const file = join(temporaryFolder(), 'truth.csv');
    const name = fc
      .string({ minLength: 1, unit: 'grapheme' })
      .filter((text) => text.trim() === text && !/[\r\u0000]/.test(text));
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 5 }), (paths) => {
        const rows = paths.map((path) => ({ path, noise: 'closed' as const, true_identity: `${path}, "x"\n` }));
        writeTruth(file, rows);
        expect(readTruth(file)).toEqual([...rows].sort((a, b) => (a.path < b.path ? -1 : 1)));
      }),
      { numRuns: 50 },
    );
  });
});
