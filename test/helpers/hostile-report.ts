import type { SiftResult } from '../../src/workspace/results.js';
import { join } from 'node:path';
import { defaults } from '../../src/core/config.js';
import { buildReport } from '../../src/report/build/build-report.js';
import { type Pictures, type Report, shownPaths } from '../../src/report/report.js';
import { writeProposals } from '../../src/workspace/proposals.js';
import { readPurifiedList } from '../../src/workspace/purified-list.js';
import { giveVerdicts } from '../../src/workspace/verdicts.js';
import { type Decided, decidedWorkspace } from './decided-workspace.js';
import { temporaryFolder } from './tiny-crawl.js';

/** Names that somebody might give a folder. */
export const hostile = [
  '<script>alert(1)</script>',
  '"Dan\' & <img src=http://evil.example onerror=x>',
  'a|b\\|c `code` **b** [l](http://evil.example)',
  'two\nlines\r\n# heading',
  'r\u202egnp.exe',
  '李 😀 Ñandú',
];
export const decisions = ['keep', 'drop', 'relabel', 'review', 'hard', 'duplicate'] as const;

/** Every decision under every name, a verdict, a merge and a split, settings of every stage. */
export function hostileReport(galleryImages: number): Report {
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
  const figures: SiftResult = {
    run: 'sift-1',
    decisions: { keep: 1, drop: 1, relabel: 1, review: 1, hard: 1, duplicate: 1 },
    noiseRate: { estimate: 0.3, low: 0.2, high: 0.4 },
    cut: { dropAt: 0.5, reviewAt: 0.25 },
    expected: { precision: null, recall: null },
    ruleCounts: {},
    index: { kind: 'exact', recallAt10: 1, ownRecallAt10: 1, sample: 0 },
    proposals: { merges: 1, splits: 1 },
    copies: { bytes: 0, pixels: 0, near: 0, mirrored: 0, underSeveralIdentities: 0 },
    seconds: {},
  };
  workspace.database
    .prepare('INSERT INTO stages VALUES (?, ?, ?, ?, ?)')
    .run('sift-1', 'sift', JSON.stringify(figures), 1, '2026-01-01T00:00:00.000Z');
  giveVerdicts(workspace, [{ path: `${hostile[3]}/drop.jpg`, verdict: 'drop', identity: null }], hostile[1]);
  const names = hostile.map((says) => ({ says, reviewer: hostile[0], givenAt: '2026-01-01T00:00:00.000Z' }));
  const settings = ['ingest', 'train', 'sift', 'retrain'].map((stage) => ({
    stage,
    values: defaults,
    changed: ['size'],
  }));
  return { ...buildReport(workspace, readPurifiedList(workspace), galleryImages), settings, names };
}

/** The smallest that calls itself a JPEG; browsers show its alternative text. */
const picture = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);
export const picturesOf = (report: Report): Pictures => {
  const crops = new Map(shownPaths(report).map((path) => [path, picture]));
  return { crops, photos: crops };
};
