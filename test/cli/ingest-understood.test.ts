import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ingest } from '../../src/pipeline/ingest.js';
import { unlikelyPeople } from '../../src/identities/unlikely-people.js';
import { contextOf } from '../helpers/context.js';
import { runInProcess } from '../helpers/in-process.js';
import { portrait, temporaryFolder, tinyCrawl, writeFiles } from '../helpers/tiny-crawl.js';

describe('ingest --dry-run', () => {
  it('tells how a source is understood, and writes nothing', async () => {
    const place = temporaryFolder();
    await tinyCrawl(join(place, 'set', 'wrapper'), 2, 2);
    writeFiles(join(place, 'set'), { 'wrapper/A/@eaDir/0.jpg/SYNOPHOTO_THUMB_S.jpg': await portrait('A', 9) });
    const { code, stdout } = await runInProcess('ingest', [join(place, 'set'), '-w', join(place, 'w'), '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toContain('would read 4 images of 2 identities');
    expect(stdout).toMatch(/identity = second folder below .*wrapper folders skipped: wrapper/);
    expect(stdout).toContain('1 x left out: thumbnails of a Synology NAS');
    expect(existsSync(join(place, 'w'))).toBe(false);
    expect(readdirSync(place)).toEqual(['set']);
  });

  it('prints the same as JSON', async () => {
    const place = temporaryFolder();
    await tinyCrawl(join(place, 'set'), 1, 3);
    const { stdout } = await runInProcess('ingest', [join(place, 'set'), '--dry-run', '--json']);
    const preview = JSON.parse(stdout) as { warnings: string[] };
    expect(preview).toMatchObject({ dryRun: true, images: 3, identities: 1, unlabelled: 0 });
    expect(preview.warnings.join()).toMatch(/all 3 images are of one identity, "A".*--identity-depth/);
  });
});

describe('reasons why files are not used', () => {
  it('are the same sentences before an ingest as after it', async () => {
    const place = temporaryFolder();
    await tinyCrawl(join(place, 'set'), 2, 1);
    const list = ['A/0.jpg,A', 'B/0.jpg,B', '/x1.jpg,C', '/x2.jpg,C'].join('\n');
    writeFiles(join(place, 'set'), { 'l.csv': `path,identity\n${list}\n` });
    const { stdout } = await runInProcess('ingest', [join(place, 'set/l.csv'), '--dry-run', '--json']);
    const { result } = await ingest(contextOf(join(place, 'w')), join(place, 'set/l.csv'));
    const preview = JSON.parse(stdout) as { notUsed: unknown };
    expect(preview.notUsed).toEqual(result.notUsed);
    expect(result.notUsed).toEqual([{ reason: 'it lies outside "…": name another folder with --root', count: 2 }]);
  });
});

describe('the result of ingest', () => {
  it('says what was understood, and warns of what is unlikely', async () => {
    const place = temporaryFolder();
    await tinyCrawl(join(place, 'set'), 1, 3);
    const { result } = await ingest(contextOf(join(place, 'w')), join(place, 'set'));
    expect(result.understood.join()).toContain('identity = first folder below');
    expect(result.warnings).toHaveLength(1);
  });

  it('does not warn of an ordinary crawl', async () => {
    const place = temporaryFolder();
    await tinyCrawl(join(place, 'set'), 3, 2);
    expect((await ingest(contextOf(join(place, 'w')), join(place, 'set'))).result.warnings).toEqual([]);
  });
});

describe('unlikely people', () => {
  const warningsOf = (counts: Record<string, number>): string[] => unlikelyPeople(new Map(Object.entries(counts)));

  it.each([
    ['one identity', { Ada: 5 }, /all 5 images are of one identity/],
    ['one image each', { '0': 1, '1': 1, '2': 1 }, /each of the 3 identities has one image/],
    ['names that stand for nobody', { Ada: 2, unknown: 7 }, /may stand for nobody.*"unknown" \(7 images\)/],
    ['names that differ in capitals', { Ada: 2, ada: 2, Bo: 2 }, /"Ada" and "ada"/],
  ])('are told: %s', (_, counts, message) => {
    expect(warningsOf(counts as Record<string, number>).join()).toMatch(message);
  });

  it('are not told of usual ones', () => {
    expect(warningsOf({ Ada: 2, Bo: 1 })).toEqual([]);
  });
});
