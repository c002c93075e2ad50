import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gatherReport } from '../../src/recount/gather-report.js';
import { reportFormats } from '../../src/report/formats.js';
import { markup } from '../../src/report/markup.js';
import { type Pictures, type Report, reportSchema, shownPaths } from '../../src/report/report.js';
import { writeProposals } from '../../src/store/proposals.js';
import { readPurifiedList } from '../../src/store/purified-list.js';
import { giveVerdicts } from '../../src/store/verdicts.js';
import { type Decided, decidedWorkspace } from '../helpers/decided-workspace.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

/** Names that somebody might give a folder. */
const hostile = [
  '<script>alert(1)</script>',
  '"Dan\' & <img src=http://evil.example onerror=x>',
  'a|b\\|c `code` **b** [l](http://evil.example)',
  'two\nlines\r\n# heading',
  'r\u202egnp.exe',
  '李 😀 Ñandú',
];
const decisions = ['keep', 'drop', 'relabel', 'review', 'hard', 'duplicate'] as const;

/** Every decision under every name, a verdict, a merge and a split. */
function reportOf(galleryImages: number): Report {
  const decided = hostile.flatMap((identity) =>
    decisions.map((decision): Decided => ({
      ...{ path: `${identity}/${decision}.jpg`, decision, reason: `because of ${identity}` },
      suggestedIdentity: decision === 'relabel' ? hostile[0] : null,
    })),
  );
  const workspace = decidedWorkspace(join(temporaryFolder(), 'w'), decided);
  const [a, b] = hostile.map((identity) => `${identity}/keep.jpg`);
  writeProposals(workspace, 'sift-1', {
    merges: [
      {
        ...{ a: hostile[0], b: hostile[1], confidence: 0.9, cosine: 0.5, likeness: 1, pairsAboveBar: 0.9 },
        examples: [{ a, b, cosine: 0.5 }],
      },
    ],
    splits: [
      {
        ...{ identity: hostile[2], confidence: 0.8 },
        groups: [a, b].map((image) => ({ images: [image], count: 1, likeness: 1, confidence: 1 })),
      },
    ],
  });
  const figures = { proposals: { merges: 1, splits: 1 }, noiseRate: { estimate: 0.3, low: 0.2, high: 0.4 } };
  workspace.database
    .prepare('INSERT INTO stages VALUES (?, ?, ?, ?, ?)')
    .run('sift-1', 'sift', JSON.stringify(figures), 1, '2026-01-01T00:00:00.000Z');
  giveVerdicts(workspace, [{ path: `${hostile[3]}/drop.jpg`, verdict: 'drop', identity: null }], hostile[1]);
  return gatherReport(workspace, readPurifiedList(workspace), galleryImages);
}

const picture = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);
const picturesOf = (report: Report): Pictures => new Map(shownPaths(report).map((path) => [path, picture]));

it('holds every gallery, the proposals and the verdict, and is what its schema says', () => {
  const report = reportOf(100);
  expect(reportSchema.parse(report)).toEqual(report);
  expect(report.galleries.map(({ kind, total }) => [kind, total])).toEqual(
    ['drop', 'relabel', 'review', 'hard', 'duplicate'].map((kind) => [kind, hostile.length]),
  );
  expect([report.merges?.total, report.splits?.total, report.verdicts]).toEqual([1, 1, 1]);
  expect(reportOf(2).galleries.map(({ images, total }) => [images.length, total])).toEqual(
    Array.from({ length: 5 }, () => [2, hostile.length]),
  );
});

it('without gallery images shows no picture', () => {
  expect(shownPaths(reportOf(0))).toEqual([]);
});

/** How a format writes a name, where that can be told. */
const asWritten: Record<string, (name: string) => string> = {
  html: (name) => markup`${name}`.text,
  json: (name) => JSON.stringify(name).slice(1, -1),
  md: (name) => name.split(/[^\w ]/, 1)[0],
};

describe.each(reportFormats)('a report as $name', (format) => {
  const written = (): string => {
    const report = reportOf(100);
    return format.write(report, picturesOf(report));
  };

  it('names every identity and every decision', () => {
    const text = written();
    for (const identity of hostile) expect(text).toContain(asWritten[format.name](identity));
    for (const decision of decisions) expect(text).toContain(decision);
  });

  it('loads nothing, runs nothing, and lets no name break out', () => {
    const text = written();
    if (format.name === 'html') expect(text).not.toMatch(/<script|<img(?! class="face)|<iframe|<link|@import|url\(/);
    for (const [, value] of format.name === 'html' ? text.matchAll(/\s(?:src|href)="([^"]*)"/g) : [])
      expect(value).toMatch(/^(data:image\/jpeg;base64,|#)/);
    if (format.name === 'md') expect(text).not.toMatch(/^# heading|<script|<img|\]\(http/m);
    if (format.name === 'json') expect(reportSchema.safeParse(JSON.parse(text)).success).toBe(true);
    expect(text.endsWith('\n')).toBe(true);
  });

  it('is the same whenever it is asked', () => {
    const report = { ...reportOf(3), madeAt: '2026-01-01T00:00:00.000Z' };
    expect(format.write(report, picturesOf(report))).toBe(format.write(report, picturesOf(report)));
  });
});
