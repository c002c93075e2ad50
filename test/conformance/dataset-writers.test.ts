import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/fingerprint.js';
import { silentProgress } from '../../src/core/progress.js';
import { openSources } from '../../src/formats/dataset/open-sources.js';
import { readPlace } from '../../src/formats/dataset/read-place.js';
import { longLivedFolder, portrait, temporaryFolder, writeFiles } from '../helpers/tiny-crawl.js';

/** A Python with `datasets`, `webdataset`, `pyarrow` and `pandas`: .ci/run makes one. */
const python = process.env.FACESIEVE_DATASET_REFEREES;
const script = join(import.meta.dirname, '../golden/dataset-writers.py');

const tree = join(longLivedFolder(), 'faces');
const expected: Record<'train' | 'all', string[]> = { train: [], all: [] };
const people = ['Ada Byron', 'José', 'J.R. Smith', '0012'];

/** Basenames repeat from person to person, as they do. */
async function draw(): Promise<void> {
  for (const split of ['train', 'test'] as const)
    for (const person of people)
      for (let take = 0; take < (split === 'train' ? 4 : 2); take++) {
        const bytes = await portrait(person, `${split} ${take}`);
        writeFiles(tree, { [`${split}/${person}/${take}.jpg`]: bytes });
        const line = `${person} ${sha256(bytes)}`;
        expected.all.push(line);
        if (split === 'train') expected.train.push(line);
      }
}

async function held(source: string, root?: string): Promise<{ images: string[]; paths: Set<string> }> {
  const settings = { source, also: [], format: 'auto' as const, options: { maxFileBytes: 1 << 20, root } };
  const images: string[] = [];
  const paths = new Set<string>();
  for await (const { path, identity, place, bytes, refusal } of (
    await openSources(settings, silentProgress)
  ).entries()) {
    if (refusal) continue;
    images.push(`${identity} ${sha256(bytes ?? readPlace(place!, 1 << 20))}`);
    paths.add(path);
  }
  return { images: images.sort(), paths };
}

describe.skipIf(!python)('a set as others write it comes through whole: every image, every identity', () => {
  beforeAll(draw);

  it.each([
    'hugging-face',
    'hugging-face-paths',
    'webdataset-txt-cls',
    'webdataset-json',
    'tar-dot',
    'tar-gz',
    'tar-pax',
    'img2dataset-files',
    'img2dataset-shards',
    'recordio',
    'pandas',
    'pandas-semicolon',
    'pandas-utf16',
    'pandas-quoted',
    'pandas-headless',
  ])('%s', async (kind) => {
    const out = join(temporaryFolder(), 'set');
    const { status, stderr } = spawnSync(python!, [script, kind, tree, out], { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    const isTable = kind.startsWith('pandas');
    const root = isTable || kind === 'hugging-face-paths' ? tree : undefined;
    const { images, paths } = await held(isTable ? join(out, 'set.csv') : out, root);
    expect(images).toEqual([...expected[kind === 'tar-pax' ? 'train' : 'all']].sort());
    expect(paths.size).toBe(images.length);
  });

  it('webdataset-cls: numbers are named as labels are', async () => {
    const out = join(temporaryFolder(), 'set');
    expect(spawnSync(python!, [script, 'webdataset-cls', tree, out]).status).toBe(0);
    const { images } = await held(out);
    const sorted = [...people].sort();
    const named = images.map((line) => line.replace(/^\d{7}/, (label) => sorted[Number(label)]));
    expect(named.sort()).toEqual([...expected.all].sort());
  });
});
