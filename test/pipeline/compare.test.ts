import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { compare } from '../../src/pipeline/compare.js';
import * as trainArms from '../../src/pipeline/compare/train-arm.js';
import { runPipeline } from '../../src/pipeline/pipeline.js';
import { readDataset } from '../../src/workspace/dataset.js';
import { giveVerdicts } from '../../src/workspace/verdicts.js';
import { contextOf } from '../helpers/context.js';
import { temporaryFolder, tinyCrawl } from '../helpers/tiny-crawl.js';

vi.mock(import('../../src/pipeline/compare/train-arm.js'), async (original) => {
  const { trainArm } = await original();
  return { trainArm: vi.fn(trainArm) };
});
const trained = vi.mocked(trainArms.trainArm);

const drop = (...paths: string[]) => paths.map((path) => ({ path, verdict: 'drop' as const, identity: null }));

it('three networks a fold, with the same steps and seed, are tested on people that none of them was trained on', async () => {
  const place = temporaryFolder();
  const source = await tinyCrawl(join(place, 'crawl'), 6, 6, { 'A/1.jpg': 'somebody else', 'C/5.jpg': 'D' });
  const settings = { epochs: 2, compareFolds: 2, rule: 'angle' as const, angle: 180 }; // keeps everything
  const context = contextOf(join(place, 'w'), settings);
  const { workspace } = context;
  const input = { source, out: join(place, 'clean'), resume: true };
  const without = await runPipeline(context, input);
  expect(without.stages.map(({ name }) => name)).not.toContain('compare');
  expect((await compare(context)).result).toMatchObject({
    comparison: null,
    notCompared: expect.stringMatching(/^nothing was removed/) as string,
  });
  expect(trained).not.toHaveBeenCalled();

  giveVerdicts(workspace, drop('A/1.jpg', 'C/5.jpg', 'E/0.jpg'), 'tester');
  const { stages, results } = await runPipeline(context, { ...input, compare: true });
  expect(stages.map(({ name }) => name).slice(-3)).toEqual(['evaluate', 'compare', 'report']);
  const { verification, gain, ...rest } = results.compare!.comparison!;
  expect(Object.keys(verification)).toEqual(['before', 'after', 'random']);
  for (const { accuracy, interval } of Object.values(verification)) {
    expect(interval.low).toBeLessThanOrEqual(accuracy);
    expect(interval.high).toBeGreaterThanOrEqual(accuracy);
  }
  expect(gain.accuracy.overBefore.estimate).toBeCloseTo(verification.after.accuracy - verification.before.accuracy, 9);
  expect(rest).toMatchObject({ folds: 2, people: 6 });

  expect(trained).toHaveBeenCalledTimes(6);
  const personOf = new Map(readDataset(workspace).images.map(({ slot, identity }) => [slot, identity]));
  const calls = trained.mock.calls.map(([{ config }, { arm, steps }, tested]) => ({ config, arm, steps, tested }));
  for (const { arm, tested } of calls) {
    expect([...arm.slots].filter((slot) => tested.includes(slot))).toEqual([]);
    const people = new Set(tested.map((slot) => personOf.get(slot)));
    expect([...arm.slots].filter((slot) => people.has(personOf.get(slot)))).toEqual([]);
  }
  for (const fold of [calls.slice(0, 3), calls.slice(3)]) {
    const same = fold.map(({ config: { seed, train }, steps, tested }) => ({ seed, train, steps, tested }));
    expect(same).toEqual([same[0], same[0], same[0]]);
    expect(same[0].train.subcenters).toBe(1);
    expect(fold[0].arm.slots.length).toBeGreaterThan(fold[1].arm.slots.length);
  }
  expect(readdirSync(workspace.file('checkpoints')).filter((name) => name.startsWith('compare'))).toEqual([]);

  expect((await compare(context)).skipped).toBe(true);
});
