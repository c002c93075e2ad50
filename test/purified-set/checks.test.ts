import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/fingerprint.js';
import type { LedgerRow } from '../../src/purified-set/ledger.js';
import { checkArchives } from '../../src/purified-set/verify/check-archives.js';
import { checkCounts } from '../../src/purified-set/verify/check-counts.js';
import { checkFiles } from '../../src/purified-set/verify/check-files.js';
import { checkLabels } from '../../src/purified-set/verify/check-labels.js';
import type { LabelRow } from '../../src/purified-set/verify/written-set.js';
import { readPurifiedList } from '../../src/workspace/purified-list.js';
import { decidedWorkspace } from '../helpers/decided-workspace.js';
import { likeJpeg, writeTar } from '../helpers/written-sets.js';
import { temporaryFolder, writeFiles } from '../helpers/tiny-crawl.js';

const row = (decision: string, new_path = '', new_identity = ''): LedgerRow => ({
  ...{
    path: `crawl/${decision}-${new_path}`,
    identity: 'A',
    decision,
    by: 'facesieve',
    reason: '',
    sha256: '',
    run: '',
  },
  ...{ new_path, new_identity },
});
const label = (identity: string, new_label: string, images: number, becomes = ''): LabelRow => ({
  ...{ identity, new_label, images: `${images}`, folder: identity, becomes },
});

describe('the counts of a datasheet', () => {
  const ledger = [
    row('keep', 'A/1', 'A'),
    row('relabel', 'B/1', 'B'),
    row('review', 'B/2', 'B'),
    ...[row('drop'), row('drop'), row('duplicate'), row('unreadable'), row('skipped')],
  ];
  const labels = [label('A', '0', 1), label('B', '1', 2), label('C', '', 0), label('D', '', 0, 'B')];
  const counts = { images: 3, kept: 3, dropped: 2, duplicates: 1, relabelled: 1, identities: 2, emptied: 1 };

  it('are right where they are those of the ledger', () => expect(checkCounts(counts, ledger, labels)).toEqual([]));

  it.each(Object.keys(counts).filter((name) => name !== 'kept' && name !== 'images'))(
    'are told of where %s is another',
    (name) => {
      const wrong = { ...counts, [name]: 9 };
      expect(checkCounts(wrong, ledger, labels).map(({ detail }) => detail)).toEqual([
        `${name}: 9; ${counts[name as keyof typeof counts]} by the ledger`,
      ]);
    },
  );

  it('of earlier versions have duplicates among the dropped', () => {
    const older = Object.fromEntries(
      Object.entries({ ...counts, dropped: 3 }).filter(([name]) => name !== 'duplicates'),
    );
    expect(checkCounts(older, ledger, labels)).toEqual([]);
  });
});

describe('a label map', () => {
  const rows = new Map(
    [row('keep', 'A/1', 'A'), row('keep', 'B/1', 'B'), row('keep', 'B/2', 'B')].map((one) => [one.new_path, one]),
  );
  const told = (...labels: LabelRow[]): string[] => checkLabels(labels, rows).map(({ detail }) => detail);

  it('is right where labels have no gap and counts are those of the ledger', () => {
    expect(told(label('B', '1', 2), label('A', '0', 1), label('gone', '', 0))).toEqual([]);
  });

  it.each([
    ['a gap', [label('A', '0', 1), label('B', '2', 2)], 'labels are not 0, 1, 2, …'],
    ['a label twice', [label('A', '0', 1), label('B', '0', 2)], 'labels are not 0, 1, 2, …'],
    ['too many images', [label('A', '0', 1), label('B', '1', 3)], '"B" has 3 images; 2 by the ledger'],
    ['too few images', [label('A', '0', 1), label('B', '1', 1)], '"B" has 1 image; 2 by the ledger'],
  ])('is told of where there is %s', (_, labels, detail) => expect(told(...labels)).toEqual([detail]));
});

describe('images in files and archives', () => {
  const images = { 'A/1.jpg': likeJpeg(1), 'B/2.jpg': likeJpeg(2) };
  const hashes = Object.fromEntries(Object.entries(images).map(([path, bytes]) => [path, sha256(bytes)]));

  it('in files are right where they hold what was written', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, images);
    const expected = new Map<string, string | undefined>([['A/1.jpg', hashes['A/1.jpg']], ['B/2.jpg', 'another'], ['C/3.jpg', undefined]]); // prettier-ignore
    const found = await checkFiles(folder, expected, () => undefined);
    expect(found.map(({ kind, path }) => `${kind} ${path}`)).toEqual(['changed B/2.jpg', 'missing C/3.jpg']);
  });

  it('in archives are held to the ledger: bytes, identity, none missing and none too many', async () => {
    const folder = temporaryFolder();
    await writeTar(
      join(folder, 'part-00000.tar'),
      Object.entries(images).flatMap(([path, bytes]) => [
        [path, bytes] as const,
        [path.replace('.jpg', '.json'), JSON.stringify({ identity: path[0] })] as const,
      ]),
    );
    const inTar = (path: string): string => `part-00000.tar/${path}`;
    const told = async (rows: LedgerRow[]): Promise<string[]> => {
      const set = { folder, format: 'webdataset', crops: false, maxFileBytes: 1 << 20 };
      const found = await checkArchives(set, new Map(rows.map((one) => [inTar(one.new_path), one])), () => undefined);
      return found.map(({ kind, path, detail }) => `${kind} ${path.slice(inTar('').length)}: ${detail}`);
    };
    const [one, two] = Object.keys(images).map((path) => ({ ...row('keep', path, path[0]), sha256: hashes[path] }));
    expect(await told([one, two])).toEqual([]);
    expect(await told([one, { ...two, new_identity: 'A' }])).toEqual([
      'labels B/2.jpg: labelled "B"; "A" by the ledger',
    ]);
    expect(await told([one, { ...two, sha256: 'another' }])).toEqual([
      'changed B/2.jpg: it holds other bytes than were written',
    ]);
    expect(await told([one])).toEqual(['extra B/2.jpg: the ledger does not know of it']);
    expect(await told([one, two, row('keep', 'C/3.jpg', 'C')])).toEqual([
      'missing C/3.jpg: it is in none of the archives',
    ]);
  });
});

describe('what goes into a purified set', () => {
  it('is all but what is dropped or a copy: what waits for a person stays', () => {
    const decisions = ['keep', 'hard', 'review', 'drop', 'relabel', 'duplicate'] as const;
    const workspace = decidedWorkspace(
      temporaryFolder(),
      decisions.map((decision) => ({
        path: `A/${decision}.jpg`,
        decision,
        suggestedIdentity: decision === 'relabel' ? 'B' : null,
      })),
    );
    const kept = Object.fromEntries(
      readPurifiedList(workspace).images.map(({ decision, finalIdentity }) => [decision, finalIdentity]),
    );
    expect(kept).toEqual({ keep: 'A', hard: 'A', review: 'A', drop: null, relabel: 'B', duplicate: null });
  });
});
