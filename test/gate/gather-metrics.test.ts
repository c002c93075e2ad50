import { describe, expect, it } from 'vitest';
import { gatherMetrics } from '../../src/gate/gather-metrics.js';
import { readDataset } from '../../src/workspace/dataset.js';
import type { SiftResult } from '../../src/workspace/results.js';
import { decidedWorkspace } from '../helpers/decided-workspace.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

const result: SiftResult = {
  run: 'sift-1',
  decisions: { keep: 1, hard: 0, review: 1, drop: 0, relabel: 0, duplicate: 0 },
  noiseRate: { estimate: 0.3, low: 0.1, high: 0.5 },
  cut: { dropAt: 0.5, reviewAt: 0.1 },
  expected: { precision: null, recall: null },
  ruleCounts: {},
  index: { kind: 'exact', recallAt10: 1, ownRecallAt10: 1, sample: 2 },
  proposals: { merges: 0, splits: 0 },
  copies: { bytes: 0, pixels: 0, near: 0, mirrored: 0, underSeveralIdentities: 0 },
  seconds: {},
};

/** The noise rate that the gate sees when sift left `changed` in its result. */
function noiseRateSeen(changed: Partial<SiftResult>) {
  const workspace = decidedWorkspace(temporaryFolder(), [
    { path: 'A/1.jpg', decision: 'keep' },
    { path: 'B/1.jpg', decision: 'review' },
  ]);
  const { database } = workspace;
  const inputs = JSON.stringify({ dataset: readDataset(workspace).fingerprint });
  database.prepare("INSERT INTO runs SELECT 'train-1', 'train', parent, config, inputs, created_at FROM runs").run();
  database.prepare("UPDATE runs SET inputs = ?, parent = 'train-1' WHERE id = 'sift-1'").run(inputs);
  database
    .prepare("INSERT INTO stages VALUES ('sift-1', 'sift', ?, 1, '2026-01-01')")
    .run(JSON.stringify({ ...result, ...changed }));
  try {
    return gatherMetrics(workspace).noiseRate;
  } finally {
    workspace.close();
  }
}

describe('the noise rate of the gate', () => {
  it('is the estimate of the last sift', () => expect(noiseRateSeen({})).toEqual({ known: 0.3 }));

  it.each<[string, Partial<SiftResult>, RegExp]>([
    ['the network learnt too little', { withheld: { learnt: 0.4, images: 1 } }, /learnt too little/],
    ['too few identities have two photographs', { noiseRate: null }, /two photographs/],
  ])('is not run where %s', (_, changed, reason) =>
    expect(noiseRateSeen(changed)).toEqual({ notRun: expect.stringMatching(reason) as string }),
  );
});
