import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runPipeline } from '../../src/pipeline/pipeline.js';
import { compareRounds } from '../../src/pipeline/compare-rounds.js';
import { readDecisions, writeDecisions } from '../../src/workspace/decisions.js';
import { chooseRun, findRun, firstRound, recordRun } from '../../src/workspace/runs.js';
import { contextOf } from '../helpers/context.js';
import { temporaryFolder, tinyCrawl } from '../helpers/tiny-crawl.js';

it('trains again on what is left, sifts everything by it, and says what changed; the first network stays the one to compare with', async () => {
  const place = temporaryFolder();
  const source = await tinyCrawl(join(place, 'crawl'), 5, 8, { 'A/1.jpg': 'B', 'C/5.jpg': 'somebody else' });
  const context = contextOf(join(place, 'w'), { rounds: 2, epochs: 4, subcenters: 1 });
  const input = { source, out: join(place, 'clean'), resume: true };
  const { stages, rounds, results } = await runPipeline(context, input);
  expect(stages.map(({ name }) => name).join(' ')).toBe(
    'ingest train embed sift train embed sift purify retrain embed evaluate report',
  );
  expect(rounds).toHaveLength(1);
  expect(rounds[0]).toMatchObject({ round: 2, run: results.sift.run });
  expect(readDecisions(context.workspace, results.sift.run)).toHaveLength(results.ingest.images); // dropped ones too

  const second = chooseRun(context.workspace, undefined, 'train');
  expect(findRun(context.workspace, results.sift.run)!.parent).toBe(second.id);
  const first = firstRound(context.workspace, second);
  expect([first.id === second.id, first.parent]).toEqual([false, null]);
  expect(results.evaluate.verification).toBeTruthy();

  const again = await runPipeline(context, input);
  expect(again.stages.every(({ skipped }) => skipped)).toBe(true);
  expect(again.rounds).toEqual(rounds);

  const sooner = await runPipeline({ ...context, config: { ...context.config, rounds: 1 } }, input);
  expect(sooner.rounds).toEqual([]);
  expect(sooner.results.sift.run).not.toBe(results.sift.run);
});

it('ends rounds when no decision changes', async () => {
  const place = temporaryFolder();
  const source = await tinyCrawl(join(place, 'crawl'));
  const bare = { rounds: 4, epochs: 1, learningRate: 1e-12, rule: 'angle' as const, angle: 180 }; // keeps everything
  const context = contextOf(join(place, 'w'), bare);
  const { rounds } = await runPipeline(context, { source, out: join(place, 'clean'), resume: true });
  expect(rounds.map(({ changed }) => changed)).toEqual([0]);
});

it('counts what came back and what became noise', async () => {
  const { workspace, config } = contextOf(join(temporaryFolder(), 'w'), {});
  for (const id of ['one', 'two']) recordRun(workspace, { id, stage: 'sift', parent: null, config, inputs: null });
  const decided = (decision: 'keep' | 'drop' | 'relabel', path: string, suggestedIdentity: string | null = null) => ({
    ...{ path, decision, suggestedIdentity, reason: '', pNoise: 0, evidence: {} as never },
  });
  writeDecisions(workspace, 'one', [decided('keep', 'a'), decided('drop', 'b'), decided('relabel', 'c', 'X')]);
  writeDecisions(workspace, 'two', [decided('drop', 'a'), decided('keep', 'b'), decided('relabel', 'c', 'Y')]);
  expect(compareRounds(workspace, 2, 'one', 'two')).toEqual({
    ...{ round: 2, run: 'two', changed: 3, cameBack: 1, newlyNoise: 1 },
  });
});
