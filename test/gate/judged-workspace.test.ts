import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gate } from '../../src/gate/gate.js';
import { gatherMetrics } from '../../src/gate/gather-metrics.js';
import { readDataset } from '../../src/workspace/dataset.js';
import { insertImages } from '../../src/workspace/images.js';
import type { EvaluateResult, SiftResult } from '../../src/workspace/results.js';
import { giveVerdicts } from '../../src/workspace/verdicts.js';
import { type Workspace, writeFact } from '../../src/workspace/workspace.js';
import { decidedWorkspace } from '../helpers/decided-workspace.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

const sift: SiftResult = {
  run: 'sift-1',
  decisions: { keep: 2, hard: 0, review: 0, drop: 1, relabel: 1, duplicate: 1 },
  noiseRate: { estimate: 0.3, low: 0.1, high: 0.5 },
  cut: { dropAt: 0.5, reviewAt: 0.1 },
  expected: { precision: null, recall: null },
  ruleCounts: {},
  index: { kind: 'hnsw', recallAt10: 0.5, ownRecallAt10: 0.75, sample: 5 },
  proposals: { merges: 0, splits: 0 },
  copies: { bytes: 0, pixels: 0, near: 0, mirrored: 0, underSeveralIdentities: 0 },
  overlap: {
    images: ['A/1.jpg', 'A/2.jpg'].map((path) => ({ path, reference: `X/${path}`, same: 'file' as const })),
    people: ['A', 'B', 'C'].map((identity) => ({ identity, reference: `X${identity}`, cosine: 0.8 })),
  },
  seconds: {},
};
const verification = (accuracy: number): NonNullable<EvaluateResult['verification']>['before'] => ({
  ...{ accuracy, std: 0, auc: 1, eer: 0, tarAtFar: {}, atFar: [], byQuality: [], genuine: 1, impostor: 1 },
});

/** A sifted crawl: of A one image stays and one is dropped, B's come from A and B, C's are copies. */
function sifted(changed: Partial<SiftResult> = {}): Workspace {
  const workspace = decidedWorkspace(temporaryFolder(), [
    { path: 'A/1.jpg', decision: 'keep' },
    { path: 'A/2.jpg', decision: 'drop' },
    { path: 'A/3.jpg', decision: 'relabel', suggestedIdentity: 'B' },
    { path: 'B/1.jpg', decision: 'keep' },
    { path: 'C/1.jpg', decision: 'duplicate' },
  ]);
  const { database } = workspace;
  const inputs = JSON.stringify({ dataset: readDataset(workspace).fingerprint });
  database.prepare("INSERT INTO runs SELECT 'train-1', 'train', parent, config, inputs, created_at FROM runs").run();
  database.prepare("UPDATE runs SET inputs = ?, parent = 'train-1' WHERE id = 'sift-1'").run(inputs);
  store(workspace, 'sift', 'sift-1', { ...sift, ...changed });
  return workspace;
}
const store = ({ database }: Workspace, stage: string, key: string, result: SiftResult | EvaluateResult): unknown =>
  database.prepare("INSERT INTO stages VALUES (?, ?, ?, 1, '2026-01-01')").run(key, stage, JSON.stringify(result));

describe('what the gate knows of a workspace', () => {
  it('counts what became of the images of each identity', () => {
    const { decided } = gatherMetrics(sifted());
    expect('known' in decided && decided.known.identities).toEqual([
      { identity: 'A', found: 3, copies: 0, dropped: 1, relabelled: 1, left: 1 },
      { identity: 'B', found: 1, copies: 0, dropped: 0, relabelled: 0, left: 2 },
      { identity: 'C', found: 1, copies: 1, dropped: 0, relabelled: 0, left: 0 },
    ]);
  });

  it.each<[string, Partial<SiftResult>, object]>([
    ['is the estimate of the last sift', {}, { known: 0.3 }],
    [
      'is not run where the network learnt too little',
      { withheld: { learnt: 0.4, images: 1 } },
      { notRun: expect.stringMatching(/learnt too little/) as string },
    ],
    [
      'is not run where too few identities have two photographs',
      { noiseRate: null },
      { notRun: expect.stringMatching(/two photographs/) as string },
    ],
  ])('noise-rate %s', (_, changed, known) => expect(gatherMetrics(sifted(changed)).noiseRate).toEqual(known));

  it('takes recall among images of the same identity', () => {
    expect(gatherMetrics(sifted()).indexRecall).toEqual({ known: 0.75 });
  });

  it('counts as shared only what is still in the set', () => {
    const { shared } = gatherMetrics(sifted());
    if ('notRun' in shared) throw new Error(shared.notRun);
    expect(shared.known.images.map(({ path }) => path)).toEqual(['A/1.jpg']);
    expect(shared.known.people.map(({ identity }) => identity)).toEqual(['A', 'B']);
  });

  it('gives the verdict on an image as its reason', () => {
    const workspace = sifted();
    giveVerdicts(workspace, [{ path: 'A/2.jpg', verdict: 'keep', identity: null }], 'ada');
    const { decided } = gatherMetrics(workspace);
    const reasons = 'known' in decided ? decided.known.images.map(({ path, reason }) => [path, reason]) : [];
    expect(reasons.slice(0, 2)).toEqual([
      ['A/1.jpg', 'its "reason"'],
      ['A/2.jpg', 'verdict of ada'],
    ]);
  });

  it('tells files that cannot be read from those that can, and from those that were skipped', () => {
    const workspace = sifted();
    const row = { identity: 'A', sha256: null, dhash: null, width: null, height: null, slot: null, place: null };
    insertImages(
      workspace,
      (['unreadable', 'skipped'] as const).map((state, i) => ({
        ...{ ...row, id: 100 + i, path: `A/${state}.jpg`, error: `it is ${state}`, state, role: 'set' },
      })),
      [],
    );
    const { readable, unreadable } = gatherMetrics(workspace);
    expect(readable).toBe(5);
    expect(unreadable).toEqual([{ path: 'A/unreadable.jpg', reason: 'it is unreadable' }]);
  });

  it('knows nothing of a set that is not the one of the last sift', () => {
    const workspace = sifted();
    workspace.database.prepare(`UPDATE runs SET inputs = '{"dataset":"another"}' WHERE id = 'sift-1'`).run();
    expect(gatherMetrics(workspace).noiseRate).toEqual({ notRun: expect.stringContaining('not the one') as string });
  });

  it.each([
    ['of the network retrained on the purified set', { before: verification(0.8), after: verification(0.9) }, 0.9],
    ['of the network trained on the crawl where there is no other', { before: verification(0.8) }, 0.8],
  ])('has the accuracy %s', (_, compared, accuracy) => {
    const workspace = sifted();
    store(workspace, 'evaluate', 'evaluate-1', {
      ...{ of: { sift: 'sift-1', before: 'train-1' }, verification: compared, score: { name: 'cosine' } },
      pairs: { from: 'kept images', images: 2, trainedOn: { before: 0 } },
    });
    writeFact(workspace, 'current:evaluate', 'evaluate-1');
    expect(gatherMetrics(workspace).verification).toMatchObject({ known: { accuracy } });
  });
});

describe('the gate of a workspace', () => {
  it('measures what it can of a crawl that was not sifted, and is refused where it can measure nothing', () => {
    const workspace = sifted();
    workspace.database.prepare("DELETE FROM facts WHERE name = 'current:sift'").run();
    const file = join(temporaryFolder(), 'rules.json');
    const judge = (rules: object[]) => {
      writeFileSync(file, JSON.stringify({ rules }));
      return gate(workspace, { rules: file });
    };
    const noise = { id: 'noise-rate', max: 0.1 };
    expect(judge([{ id: 'unreadable-rate', max: 0.1 }, noise]).rules.map(({ outcome }) => outcome)).toEqual(['pass', 'not-run']); // prettier-ignore
    expect(() => judge([noise])).toThrow(/None of the rules can be measured: nothing was sifted yet/);
  });

  const judged = (rules: object[]) => {
    const folder = temporaryFolder();
    const [file, baseline] = [join(folder, 'rules.json'), join(folder, 'baseline.json')];
    writeFileSync(file, JSON.stringify({ rules }));
    return { ...gate(sifted(), { rules: file, writeBaseline: baseline }), written: existsSync(baseline) };
  };

  it('writes a baseline of a set that passes, and none of one that fails', () => {
    expect(judged([{ id: 'noise-rate', max: 0.3 }])).toMatchObject({ passed: true, written: true });
    const failed = judged([{ id: 'noise-rate', max: 0.2 }]);
    expect(failed).toMatchObject({ passed: false, written: false, baselineWritten: null });
  });

  it('fails on rules unless they say that they warn', () => {
    expect(judged([{ id: 'noise-rate', max: 0.2, severity: 'warn' }]).passed).toBe(true);
    expect(judged([{ id: 'noise-rate', max: 0.2 }]).rules[0].severity).toBe('error');
  });

  it('goes on with what can be measured where something cannot', () => {
    const { rules } = judged([{ id: 'noise-rate', max: 0.3 }, { id: 'verification-accuracy', min: 0.9 }]); // prettier-ignore
    expect(rules.map(({ outcome }) => outcome)).toEqual(['pass', 'not-run']);
  });
});
