import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cropGeometry } from '../../src/core/crop-geometry.js';
import { crc32c } from '../../src/core/checksum.js';
import { type DecisionName, decisionNames, type VerdictName, verdictNames } from '../../src/core/records.js';
import { readCsv } from '../../src/formats/csv.js';
import { CropWriter } from '../../src/images/crop-file.js';
import { purify } from '../../src/pipeline/purify.js';
import { renderReport } from '../../src/pipeline/report.js';
import { statusOf } from '../../src/pipeline/status.js';
import { reportFormatOf } from '../../src/report/formats.js';
import type { Report } from '../../src/report/report.js';
import { Desk } from '../../src/review/queries/review-queries.js';
import { takeBackLast } from '../../src/workspace/undo.js';
import { giveVerdicts } from '../../src/workspace/verdicts.js';
import { giveNameVerdicts } from '../../src/workspace/name-verdicts.js';
import { cropFileOf } from '../../src/workspace/dataset.js';
import { writeDecisions } from '../../src/workspace/decisions.js';
import { insertImages } from '../../src/workspace/images.js';
import { recordRun } from '../../src/workspace/runs.js';
import { type Workspace, writeFact } from '../../src/workspace/workspace.js';
import { contextOf } from '../helpers/context.js';
import { noEvidence } from '../helpers/decided-workspace.js';
import { runInProcess } from '../helpers/in-process.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

type Found = DecisionName | 'unreadable' | 'skipped';
interface Drawn {
  found: Found[];
  verdicts: (VerdictName | null)[];
  merge: boolean;
}

const SIDE = 16;
const drawn: fc.Arbitrary<Drawn> = fc
  .array(fc.constantFrom<Found>(...decisionNames, 'unreadable', 'skipped'), { minLength: 3, maxLength: 25 })
  .chain((found) =>
    fc.record({
      found: fc.constant<Found[]>(['keep', ...found]), // something stays to be written
      verdicts: fc.array(fc.option(fc.constantFrom(...verdictNames), { freq: 2 }), {
        minLength: found.length + 1,
        maxLength: found.length + 1,
      }),
      merge: fc.boolean(),
    }),
  );

const isDecision = (found: Found): found is DecisionName => found !== 'unreadable' && found !== 'skipped';
const pathOf = (i: number): string => `${'AB'[i % 2]}/${i}.jpg`;

/** A sifted crawl as drawn, with crops, and what people then said. */
function workspaceOf(folder: string, { found, verdicts, merge }: Drawn): ReturnType<typeof contextOf> {
  const context = contextOf(folder);
  const { workspace, config } = context;
  const crops = new CropWriter(cropFileOf(workspace), SIDE, 0);
  const crop = new Uint8Array(SIDE * SIDE * 3).fill(90);
  let slot = 0;
  found.forEach((state, i) => {
    const used = isDecision(state);
    const row = {
      id: i + 1,
      path: pathOf(i),
      identity: 'AB'[i % 2],
      sha256: `${i}`,
      width: 16,
      height: 16,
      dhash: '0',
    };
    const facts = { sharpness: 1, brightness: 1, contrast: 1 };
    insertImages(
      workspace,
      [
        {
          ...row,
          slot: used ? slot : null,
          error: used ? null : 'drawn',
          state: used ? 'ok' : state,
          role: 'set',
          place: null,
        },
      ],
      used ? [{ slot, image: i + 1, face: 0, facts, crc: crc32c(crop) }] : [],
    );
    if (!used) return;
    crops.append(crop);
    slot++;
  });
  crops.close();
  const settings = { ...config, ingest: { ...config.ingest, size: SIDE, align: 'none' as const } };
  writeFact(workspace, 'source', '/crawl');
  writeFact(workspace, 'sources', JSON.stringify({ source: '/crawl', also: [], format: 'folder', options: {} }));
  writeFact(workspace, 'crop', JSON.stringify(cropGeometry(settings)));
  recordRun(workspace, { id: 'sift-drawn', stage: 'sift', parent: null, config: settings, inputs: {} });
  writeFact(workspace, 'current:sift', 'sift-drawn');
  writeDecisions(
    workspace,
    'sift-drawn',
    found.flatMap((decision, i) =>
      isDecision(decision)
        ? [
            {
              ...{ path: pathOf(i), decision, reason: 'drawn', pNoise: 0.5, evidence: noEvidence },
              suggestedIdentity: decision === 'relabel' ? 'AB'[1 - (i % 2)] : null,
            },
          ]
        : [],
    ),
  );
  say(workspace, found, verdicts, merge);
  return context;
}

function say(workspace: Workspace, found: Found[], verdicts: (VerdictName | null)[], merge: boolean): void {
  const given = verdicts.flatMap((verdict, i) =>
    verdict !== null && isDecision(found[i]) && i > 0
      ? [{ path: pathOf(i), verdict, identity: verdict === 'relabel' ? 'B' : null }]
      : [],
  );
  if (given.length > 0) giveVerdicts(workspace, given, 'ada');
  if (merge && found.some((state, i) => isDecision(state) && i % 2 === 1))
    giveNameVerdicts(workspace, [{ kind: 'merge', a: 'A', b: 'B', into: 'A' }], 'ada');
}

const withoutZeros = (counts: object): object =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
const inPage = (html: string): object =>
  Object.fromEntries(
    decisionNames.map((name) => [name, Number(new RegExp(`<b>${name}</b> ([\\d,]+)`).exec(html)![1].replace(',', ''))]),
  );

describe('the counts of a crawl with verdicts', () => {
  it('are new on the page after each verdict, and after it is taken back', () => {
    const nothing = { found: ['keep', 'review', 'drop'] as Found[], verdicts: [null, null, null], merge: false };
    const { workspace } = workspaceOf(temporaryFolder(), nothing);
    const desk = new Desk(workspace, 'ada');
    expect(withoutZeros(desk.session().final)).toEqual({ keep: 1, review: 1, drop: 1 });
    giveVerdicts(workspace, [{ path: pathOf(1), verdict: 'drop', identity: null }], 'ada');
    expect(withoutZeros(desk.session().final)).toEqual({ keep: 1, drop: 2 });
    expect(desk.session().decisions.review).toEqual({ questions: 1, answered: 1 });
    takeBackLast(workspace, 'ada');
    expect(withoutZeros(desk.session().final)).toEqual({ keep: 1, review: 1, drop: 1 });
  });

  it('are the same in status, terminal, report, page, datasheet and ledger', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async (crawl) => {
        const folder = temporaryFolder();
        const context = workspaceOf(join(folder, 'workspace'), crawl);
        const { workspace } = context;
        const status = statusOf(workspace);
        const expected = withoutZeros(status.decisions!);
        const images = Object.values(expected).reduce<number>((sum, count) => sum + Number(count), 0);
        expect([status.files, status.images]).toEqual([crawl.found.length, images]);
        expect(status.files).toBe(status.images + status.unreadable + status.skipped);

        const options = { galleryImages: 0, signal: context.signal };
        const json = JSON.parse(
          (await renderReport(workspace, { ...options, format: reportFormatOf('json') })).text,
        ) as Report;
        expect(withoutZeros(json.decisions)).toEqual(expected);
        expect([json.images, json.verdicts]).toEqual([images, status.verdicts]);
        const { text: html } = await renderReport(workspace, { ...options, format: reportFormatOf('html') });
        expect(withoutZeros(inPage(html))).toEqual(expected);

        expect(withoutZeros(new Desk(workspace, 'ada').session().final)).toEqual(expected);

        const { result } = await purify(context, join(folder, 'clean'), { crops: true });
        expect([result.dropped, result.duplicates]).toEqual([status.decisions!.drop, status.decisions!.duplicate]);
        expect(result.kept + result.dropped + result.duplicates).toBe(images);
        const sheet = JSON.parse(readFileSync(join(folder, 'clean/datasheet.json'), 'utf8')) as Pick<
          Report,
          'decisions' | 'verdicts'
        >;
        expect([withoutZeros(sheet.decisions), sheet.verdicts]).toEqual([expected, status.verdicts]);
        const ledger = readCsv(readFileSync(join(folder, 'clean/ledger.csv'), 'utf8'), 'ledger.csv');
        const rows: Record<string, number> = {};
        for (const { decision } of ledger) rows[decision] = (rows[decision] ?? 0) + 1;
        const { unreadable, skipped } = status;
        expect(rows).toEqual(withoutZeros({ ...expected, unreadable, skipped }));

        workspace.close();
        const told = await runInProcess('status', ['-w', join(folder, 'workspace')]);
        const words = Object.entries(status.decisions!).map(([name, count]) => `${count} ${name}`);
        expect(told.stdout).toContain(words.join(', '));
        expect(told.stdout).toContain(`${status.files} files: ${images} images`);
      }),
      { numRuns: 12, seed: 21 },
    );
  });
});
