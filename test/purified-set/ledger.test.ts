import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { DecidedImage } from '../../src/core/decided-image.js';
import type { ImageRow } from '../../src/core/records.js';
import { EffectiveNames } from '../../src/identities/names/effective-names.js';
import type { OutImage } from '../../src/formats/dataset/writer.js';
import type { Arrangement } from '../../src/purified-set/arrange.js';
import { decidedRows, labelMap, ledger, unusedRows, writtenHash } from '../../src/purified-set/ledger.js';

const table = (text: string): Record<string, string>[] => parse(text, { columns: true });

describe('the ledger', () => {
  const decided = (path: string, more: Partial<DecidedImage>): DecidedImage =>
    ({
      ...{
        image: { path, identity: 'A', sha256: `${path} bytes` },
        reason: 'by the rule',
        verdict: null,
        evidence: {},
      },
      ...{ final: 'keep', finalIdentity: 'A', ...more },
    }) as DecidedImage;
  const verdict = { path: '', verdict: 'keep' as const, identity: null, reviewer: 'ada', givenAt: '', face: null };
  const rows = decidedRows(
    [
      decided('A/1', {}),
      decided('A/2', { verdict, final: 'relabel', finalIdentity: 'B' }),
      decided('A/3', { final: 'drop', finalIdentity: null }),
    ],
    new Map([['A/1', 'A/one.jpg'], ['A/2', 'B/two.jpg']]), // prettier-ignore
    'sift-1',
    new EffectiveNames([], []),
  );

  it('says what became of each image, by whom and why', () => {
    expect(
      rows.map(({ decision, by, reason, new_path, new_identity }) => [decision, by, reason, new_path, new_identity]),
    ).toEqual([
      ['keep', 'facesieve', 'by the rule', 'A/one.jpg', 'A'],
      ['relabel', 'ada', 'verdict of ada', 'B/two.jpg', 'B'],
      ['drop', 'facesieve', 'by the rule', '', ''],
    ]);
    expect(rows[0]).toMatchObject({ path: 'A/1', identity: 'A', sha256: 'A/1 bytes', run: 'sift-1' });
  });

  it('is in the order of the paths, with the hash of what was written', () => {
    const text = ledger([...rows].reverse(), new Map([['B/two.jpg', 'hash of two']]));
    expect(table(text).map(({ path, new_sha256 }) => [path, new_sha256])).toEqual([['A/1', ''], ['A/2', 'hash of two'], ['A/3', '']]); // prettier-ignore
  });

  it('has what was not used, with its reason, and nothing that was', () => {
    const row = (path: string, slot: number | null): ImageRow =>
      ({
        path,
        slot,
        identity: 'A',
        state: slot === null ? 'unreadable' : 'ok',
        error: slot === null ? 'empty' : null,
        sha256: null,
      }) as ImageRow;
    expect(unusedRows([row('A/1', 3), row('A/2', null)], 'run')).toEqual([
      {
        ...{ path: 'A/2', identity: 'A', decision: 'unreadable', by: 'facesieve', reason: 'empty' },
        ...{ new_path: '', new_identity: '', sha256: '', run: 'run' },
      },
    ]);
  });

  it('knows the hash of originals from what was ingested, and of crops only where it was written down', () => {
    const row = { ...rows[0], sha256: 'original' };
    expect([writtenHash(row, false), writtenHash(row, true)]).toEqual(['original', undefined]);
    expect([writtenHash({ ...row, new_sha256: 'crop' }, true), writtenHash({ ...row, sha256: '' }, false)]).toEqual([
      'crop',
      undefined,
    ]);
  });
});

describe('the label map', () => {
  const arrangement = (...identities: string[]): Arrangement => ({
    identities,
    images: identities.flatMap((identity, i) => Array.from({ length: i + 1 }, () => ({ identity }) as OutImage)),
    folders: new Map(identities.map((identity) => [identity, `folder of ${identity}`])),
  });
  const rowOf = (text: string, name: string) => table(text).find(({ identity }) => identity === name);

  it('has every identity with its labels before and after, its images and its folder', () => {
    const text = labelMap(['A', 'B', 'C'], arrangement('A', 'C', 'D'));
    expect(table(text).map((row) => [row.identity, row.old_label, row.new_label, row.images, row.folder])).toEqual([
      ['A', '0', '0', '1', 'folder of A'],
      ['B', '1', '', '0', ''],
      ['C', '2', '1', '2', 'folder of C'],
      ['D', '', '2', '3', 'folder of D'],
    ]);
  });

  it('says what an identity is called since, and what a new name was', () => {
    const becomes: Record<string, string> = { A: 'A', B: 'C', Z: 'nobody' };
    const text = labelMap(['A', 'B', 'Z'], arrangement('A', 'C'), {
      becomes: (name) => becomes[name],
      was: () => 'B',
    });
    expect(rowOf(text, 'B')).toMatchObject({ becomes: 'C', becomes_label: '1', was: '' });
    expect(rowOf(text, 'C')).toMatchObject({ becomes: 'C', becomes_label: '1', was: 'B' });
    expect(rowOf(text, 'A')).toMatchObject({ becomes: 'A', becomes_label: '0', was: '' });
    expect(rowOf(text, 'Z')).toMatchObject({ becomes: '', becomes_label: '' }); // what it became is not in the set
  });
});
