import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/fingerprint.js';
import { silentProgress } from '../../src/core/progress.js';
import { arrange, type Arrival } from '../../src/purified-set/arrange.js';
import { labelMap } from '../../src/purified-set/ledger.js';
import { writers } from '../../src/formats/dataset/writers.js';
import { openSources } from '../../src/formats/dataset/open-sources.js';
import { readPlace } from '../../src/formats/dataset/read-place.js';
import { portrait, temporaryFolder } from '../helpers/tiny-crawl.js';

const options = { maxFileBytes: 1 << 20 };

/** Magic word of RecordIO, where a reader that does not know it would cut. */
const magic = Buffer.from([0x0a, 0x23, 0xd7, 0xce]);

/** Names as crawls have them: any script, dots, spaces, quotes, separators. */
const name = fc
  .string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'aAbé é.,"\' -_/\\:?*ü漢😀CON') })
  .filter((text) => text.trim() === text && text.trim().length > 0);

interface Person {
  identity: string;
  files: string[];
}
const people = fc.uniqueArray(
  fc.record({ identity: name, files: fc.uniqueArray(name, { minLength: 1, maxLength: 3 }) }),
  { minLength: 1, maxLength: 4, selector: ({ identity }) => identity },
);

async function arrivalsOf(set: readonly Person[]): Promise<Arrival[]> {
  const jpeg = await portrait('A', 1);
  let number = 0;
  return set.flatMap(({ identity, files }) =>
    files.map((file) => {
      const padding = Buffer.alloc(number++ % 4);
      const bytes = Buffer.concat([jpeg, padding, magic, magic, Buffer.from(String(number))]);
      return {
        from: `${identity}/${file}`,
        identity,
        name: `${file}.jpg`,
        moved: false,
        foundUnder: identity,
        sha256: sha256(bytes),
        read: () => Promise.resolve(bytes),
      };
    }),
  );
}

/** What a set holds, whatever things are called in it. */
const contentOf = (images: readonly { identity: string; sha256: string }[]): string[] =>
  images.map(({ identity, sha256 }) => `${identity}\n${sha256}`).sort();

async function readBack(folder: string, format: 'auto'): Promise<{ path: string; identity: string; sha256: string }[]> {
  const source = await openSources({ source: folder, also: [], format, options }, silentProgress);
  const found = [];
  for await (const { path, identity, place, bytes, refusal } of source.entries()) {
    expect(refusal).toBeUndefined();
    found.push({ path, identity, sha256: sha256(bytes ?? readPlace(place!, options.maxFileBytes)) });
  }
  return found;
}

describe.each(writers)('a set written as $name', (writer) => {
  it('is recognised and read back: the same bytes, the same identities, the paths the writer told', async () => {
    await fc.assert(
      fc.asyncProperty(people, async (set) => {
        const folder = temporaryFolder();
        const arrangement = arrange(await arrivalsOf(set));
        const out = { folder, mode: 'copy' as const, size: 16, seed: 1, identities: arrangement.identities };
        const paths = await writer.write(arrangement.images, {
          ...out,
          previous: () => undefined,
          step: () => undefined,
        });
        writeFileSync(join(folder, 'label-map.csv'), labelMap([], arrangement));
        const found = await readBack(folder, 'auto');
        expect(contentOf(found)).toEqual(contentOf(arrangement.images));
        expect(found.map(({ path }) => path).sort()).toEqual([...paths].sort());
      }),
      { numRuns: 25, seed: 7 },
    );
  });

  it('writes only inside its folder', async () => {
    const outside = temporaryFolder();
    const folder = join(outside, 'set');
    mkdirSync(folder);
    const arrangement = arrange(await arrivalsOf([{ identity: '../x', files: ['../../y', '..'] }]));
    const out = { folder, mode: 'copy' as const, size: 16, seed: 1, identities: arrangement.identities };
    await writer.write(arrangement.images, { ...out, previous: () => undefined, step: () => undefined });
    expect(readdirSync(outside)).toEqual(['set']);
  });
});
