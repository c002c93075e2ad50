import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/fingerprint.js';
import { silentProgress } from '../../src/core/progress.js';
import { arrange } from '../../src/purified-set/arrange.js';
import { labelMap } from '../../src/purified-set/ledger.js';
import { writers } from '../../src/formats/dataset/writers.js';
import { openSources } from '../../src/formats/dataset/open-sources.js';
import { readPlace } from '../../src/formats/dataset/read-place.js';
import { portrait, temporaryFolder, tinyCrawl } from '../helpers/tiny-crawl.js';

/** A Python with `webdataset` and `pyarrow`: .ci/run makes one. */
const python = process.env.FACESIEVE_REFEREES;
const formats = ['recordio', 'webdataset', 'parquet'] as const;

type Held = { identity: string; sha256: string };
const sorted = (held: readonly Held[]): string[] => held.map(({ identity, sha256 }) => `${identity} ${sha256}`).sort();

function referee(verb: 'read' | 'write', format: string, folder: string, input = ''): Held[] {
  const script = join(import.meta.dirname, '../golden/referees.py');
  const { status, stdout, stderr } = spawnSync(python!, [script, verb, format, folder], { encoding: 'utf8', input });
  expect(status, stderr).toBe(0);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Held);
}

/** Images of three people; one holds RecordIO's magic word where it must be cut. */
async function pictures() {
  const magic = Buffer.from([0x0a, 0x23, 0xd7, 0xce]);
  const found = [];
  for (const identity of ['Ada', 'Bo', 'Cy'])
    for (let take = 0; take < 4; take++) {
      const jpeg = await portrait(identity, take);
      const padding = Buffer.alloc((4 - (jpeg.length % 4)) % 4);
      const bytes = identity === 'Bo' ? Buffer.concat([jpeg, padding, magic, magic]) : jpeg;
      found.push({ identity, name: `${take}.jpg`, sha256: sha256(bytes), bytes });
    }
  return found;
}

describe.skipIf(!python).each(formats)('%s', (format) => {
  it('as we write it is read by its referee', async () => {
    const folder = temporaryFolder();
    const set = await pictures();
    const arrangement = arrange(
      set.map(({ bytes, ...picture }) => ({
        ...picture,
        from: `${picture.identity}/${picture.name}`,
        moved: false,
        foundUnder: picture.identity,
        read: () => Promise.resolve(bytes),
      })),
    );
    const out = { folder, mode: 'copy' as const, size: 112, seed: 1, identities: arrangement.identities };
    const writer = writers.find(({ name }) => name === format)!;
    await writer.write(arrangement.images, { ...out, previous: () => undefined, step: () => undefined });
    writeFileSync(join(folder, 'label-map.csv'), labelMap([], arrangement));
    expect(sorted(referee('read', format, folder))).toEqual(sorted(set));
  });

  it('as its referee writes it is read by us', async () => {
    const crawl = await tinyCrawl(temporaryFolder(), 3, 4);
    const files = ['A', 'B', 'C'].flatMap((identity) =>
      readdirSync(join(crawl, identity)).map((file) => ({ identity, file: join(crawl, identity, file) })),
    );
    const folder = temporaryFolder();
    referee('write', format, folder, files.map((file) => JSON.stringify(file)).join('\n'));
    const settings = { source: folder, also: [], format: 'auto' as const, options: { maxFileBytes: 1 << 20 } };
    const held: Held[] = [];
    for await (const entry of (await openSources(settings, silentProgress)).entries()) {
      expect(entry.refusal).toBeUndefined();
      held.push({ identity: entry.identity, sha256: sha256(entry.bytes ?? readPlace(entry.place!, 1 << 20)) });
    }
    const expected = files.map(({ identity, file }) => ({ identity, sha256: sha256(readPlace({ file }, 1 << 20)) }));
    expect(sorted(held)).toEqual(sorted(expected));
  });
});
