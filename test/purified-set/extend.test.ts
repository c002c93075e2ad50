import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/core/resolve-config.js';
import { writeCsv } from '../../src/formats/csv.js';
import { arrange, type Arrival } from '../../src/purified-set/arrange.js';
import { MARK, type NamedSources, readExistingSet } from '../../src/purified-set/existing-set.js';
import { extend } from '../../src/purified-set/extend.js';
import { ledgerColumns } from '../../src/purified-set/ledger.js';
import { refuseOtherSet } from '../../src/purified-set/replaceable.js';
import { verifySet } from '../../src/purified-set/verify/verify-set.js';
import { giveVerdicts } from '../../src/workspace/verdicts.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { decidedWorkspace } from '../helpers/decided-workspace.js';
import { likeJpeg } from '../helpers/written-sets.js';
import { temporaryFolder, writeFiles } from '../helpers/tiny-crawl.js';

/** A set that was written before: 12 people called P0 to P11 from the last label to the first, an image each; P12 was emptied. */
function earlierSet(): string {
  const folder = join(temporaryFolder(), 'set');
  const people = Array.from({ length: 12 }, (_, i) => `P${i}`);
  const empty = Object.fromEntries(ledgerColumns.map((name) => [name, '']));
  const rows = people.map((identity) => ({
    ...{ ...empty, path: `crawl/${identity}.jpg`, identity, decision: 'keep', by: 'facesieve' },
    ...{ new_path: `${identity}/1.jpg`, new_identity: identity, sha256: `hash of ${identity}` },
  }));
  const labels = [...people, 'P12'].map((identity, i) => ({
    ...{ identity, old_label: '', new_label: i < 12 ? `${11 - i}` : '', images: i < 12 ? '1' : '0', folder: identity },
  }));
  writeFiles(folder, {
    ...Object.fromEntries(people.map((identity, i) => [`${identity}/1.jpg`, likeJpeg(i)])),
    'datasheet.json': JSON.stringify({ format: 'folder', crops: false }),
    'ledger.csv': writeCsv([...ledgerColumns], rows),
    'label-map.csv': writeCsv(['identity', 'old_label', 'new_label', 'images', 'folder'], labels),
  });
  return folder;
}
const arrival = (identity: string, from: string, sha256: string): Arrival => ({
  ...{ identity, from, sha256, name: '1.jpg', moved: false, foundUnder: identity },
  read: () => Promise.resolve(new Uint8Array(1)),
});

describe('a set that was written before', () => {
  it('has its identities by label, emptied ones left out, and files by what they hold', () => {
    const folder = earlierSet();
    const set = readExistingSet(folder);
    expect(set.identities).toEqual(Array.from({ length: 12 }, (_, i) => `P${11 - i}`));
    expect(set.fileOf('P3/1.jpg', 'hash of P3')).toBe(join(folder, 'P3/1.jpg'));
    expect(set.fileOf('P3/1.jpg', 'another')).toBeUndefined();
    expect(existsSync(set.fileOf('P3/1.jpg', 'hash of P3')!)).toBe(true);
  });

  it('gets what is new, and keeps its labels; the same image of the same person is not added twice', async () => {
    const folder = earlierSet();
    const existing = readExistingSet(folder);
    const added = [
      arrival('P3', 'more/same.jpg', 'hash of P3'),
      arrival('P4', 'more/other-name.jpg', 'hash of P3'), // the same picture, of somebody else
      arrival('A', 'more/new.jpg', 'hash of A'),
    ];
    const extended = await extend(folder, existing, added, resolveConfig({}));
    expect(extended.arrivals).toHaveLength(12 + 2);
    const arrangement = arrange(extended.arrivals, extended.known);
    expect(arrangement.identities).toEqual([...existing.identities, 'A']);
    const paths = new Map(arrangement.images.map(({ from, path }) => [from, path]));
    expect([...extended.pathsOfNew(paths)]).toEqual([
      ['more/same.jpg', 'P3/1.jpg'],
      ['more/other-name.jpg', expect.stringMatching(/^P4\/1~?2?\.jpg$/) as string],
      ['more/new.jpg', 'A/1.jpg'],
    ]);
    const places = extended.ledger(paths).map(({ new_path }) => new_path);
    expect(new Set(places).size).toBe(12);
    expect(places).not.toContain('');
    const [first] = extended.arrivals;
    expect([...(await first.read())]).toEqual([...readFileSync(join(folder, first.from.slice(1)))]);
  });
});

describe('a set of crops from before their hashes were written down', () => {
  it('is there, and that is all that is known of its images', async () => {
    const folder = earlierSet();
    const verified = async (crops: boolean) => {
      writeFiles(folder, { 'datasheet.json': JSON.stringify({ format: 'folder', crops, counts: {}, sha256: {} }) });
      return verifySet(folder, new AbortController().signal);
    };
    expect(await verified(true)).toMatchObject({ images: 12, unchecked: 12, counts: { changed: 0 } });
    expect(await verified(false)).toMatchObject({ images: 12, unchecked: 0, counts: { changed: 12 } }); // not what was ingested
  });
});

describe('a set in the place of a new one', () => {
  const named = (source: string, ...also: string[]): NamedSources => ({ source, also });
  /** A set that was made of `made`, in which `by` decided on one image. */
  function setOf(made: NamedSources, by = 'facesieve'): string {
    const folder = earlierSet();
    const ledger = readFileSync(join(folder, 'ledger.csv'), 'utf8').replace('keep,facesieve', `keep,${by}`);
    const sheet = JSON.stringify({ format: 'folder', crops: false, sources: made });
    writeFiles(folder, { [MARK]: 'an earlier one', 'datasheet.json': sheet, 'ledger.csv': ledger });
    return folder;
  }
  const workspaceWith = (...judged: string[]): Workspace => {
    const workspace = decidedWorkspace(temporaryFolder(), [{ path: 'crawl/P0.jpg', decision: 'drop' }]);
    giveVerdicts(workspace, judged.map((path) => ({ path, verdict: 'keep', identity: null })), 'ada'); // prettier-ignore
    return workspace;
  };

  it('is replaced where it was made of these sources, and of no others', () => {
    const [one, two] = [temporaryFolder(), temporaryFolder()];
    const refuse = (made: NamedSources, ours: NamedSources) => () => refuseOtherSet(setOf(made), ours, workspaceWith());
    expect(refuse(named(one), named(one))).not.toThrow();
    expect(refuse(named(one), named(one, two))).not.toThrow();
    expect(refuse(named(two), named(one))).toThrow(/is a set made of/);
    expect(refuse(named(one, two), named(one))).toThrow(/is a set made of/);
  });

  it('is not replaced where it heeds verdicts that this workspace never had', () => {
    const one = named(temporaryFolder());
    expect(() => refuseOtherSet(setOf(one, 'ada'), one, workspaceWith('crawl/P0.jpg'))).not.toThrow();
    expect(() => refuseOtherSet(setOf(one, 'ada'), one, workspaceWith())).toThrow(
      /applies 1 verdict that this workspace does not have, such as that of ada on "crawl\/P0.jpg"/,
    );
  });
});
